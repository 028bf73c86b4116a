// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "reports/tables/cells.h"
#include "reports/tables/queries.h"
#include "reports/tables/tables.h"
#include "results/conclusions/summarise.h"

namespace segbench::reports {
namespace {

std::string title_of_variant(const ReportModel& model, const std::string& variant) {
  const Entry* entry = find_entry(model, variant);
  return entry == nullptr ? text::kUndefined : text::clean(entry->label);
}

/// The dots of the figure of differences: one row a variant and seed.
text::Table seed_differences_table(const ReportModel& model) {
  text::Table table{.name = "seed_differences",
                    .caption = "Difference to the leader at the same seed.",
                    .columns = {{"variant", "Variant"},
                                {"reference", "Leader"},
                                {"seed", "Seed", true},
                                {"difference", "Difference", true},
                                {"candidate_trial", "Its trial"},
                                {"reference_trial", "The leader’s trial"}},
                    .rows = {}};
  set_query(table, "difference", score_query(model.metric, model.split),
            "the variant’s trial less the leader’s");
  for (const PairedDifference& pair : model.to_best) {
    for (std::size_t i = 0; i < pair.seeds.size(); ++i)
      table.rows.push_back({text::Cell(title_of_variant(model, pair.candidate)),
                            text::Cell(title_of_variant(model, pair.reference)),
                            text::Cell(std::to_string(pair.seeds[i])),
                            text::number_cell(pair.difference.values[i],
                                              text::metric_value(model.metric, pair.difference.values[i], 4),
                                              {pair.candidate_trials[i], pair.reference_trials[i]}),
                            text::Cell(pair.candidate_trials[i]), text::Cell(pair.reference_trials[i])});
  }
  return table;
}

text::Table class_differences_table(const ReportModel& model) {
  text::Table table{.name = "class_differences",
                    .caption = "",
                    .columns = {{"class", "Class"},
                                {"difference", "Mean difference", true},
                                {"interval", "95% interval", true, text::Where::kShown},
                                {"interval_low", "", true, text::Where::kData},
                                {"interval_high", "", true, text::Where::kData},
                                {"seeds", "Common seeds", true},
                                {"p_t", "p", true, text::Where::kEverywhere, "paired t test, two-sided"},
                                {"p_holm", "p, corrected", true, text::Where::kEverywhere,
                                 "the same, corrected for all classes (Holm)"}},
                    .rows = {}};
  if (model.by_class.empty()) return table;
  const PairedDifference& first = model.by_class.front().pair;
  table.caption =
      fmt::format("IoU of each class: {} minus {}, paired by seed.", title_of_variant(model, first.candidate),
                  title_of_variant(model, first.reference));
  std::vector<const Quantity*> all;
  for (const ClassDifference& line : model.by_class) all.push_back(&line.pair.difference);
  const int digits = conclusions::digits_for(all);
  for (const ClassDifference& line : model.by_class) {
    Quantity d = line.pair.difference;
    d.trials.insert(d.trials.end(), line.pair.reference_trials.begin(), line.pair.reference_trials.end());
    table.rows.push_back({text::Cell(line.class_name),
                          text::number_cell(d.mean, d.mean ? text::signed_fixed(*d.mean, digits) : "",
                                            d.trials, d.why_undefined),
                          interval_cell(d, digits), end_cell(d, &Interval::low, digits),
                          end_cell(d, &Interval::high, digits),
                          text::integer_cell(static_cast<std::int64_t>(line.pair.seeds.size()), d.trials),
                          p_cell(line.p_t, d.trials), p_cell(line.p_holm, d.trials)});
  }
  const std::string query = fmt::format(
      "SELECT trial_id, seed, class_name, iou FROM per_class_iou WHERE split = '{}' AND trial_id IN "
      "(:trials)",
      model.split);
  set_query(table, "difference", query, "mean difference of the row’s class, paired by seed");
  set_query(table, "interval", query, "95% t interval of the mean difference");
  set_query(table, "seeds", query, "number of the seeds that both have");
  set_query(table, "p_t", query, "p of the paired t test");
  set_query(table, "p_holm", query, "the same after Holm’s correction over the classes");
  return table;
}

text::Table time_parts_table(const ReportModel& model) {
  text::Table table{.name = "time_parts",
                    .caption = "Where the wall-clock time of a trial went, mean over trials.",
                    .columns = {{"variant", "Variant"},
                                {"training", "Training", true},
                                {"waiting", "Waiting for data", true},
                                {"evaluation", "Evaluation", true},
                                {"rest", "The rest", true, text::Where::kEverywhere,
                                 "starting, reading the decoded data, checkpoints, failed attempts"}},
                    .rows = {}};
  for (const TimeParts& parts : model.times)
    table.rows.push_back({text::Cell(title_of_variant(model, parts.variant)), duration_cell(parts.training),
                          duration_cell(parts.waiting), duration_cell(parts.evaluation),
                          duration_cell(parts.rest)});
  const auto sum = [](const char* column, const char* source) {
    return fmt::format(
        "SELECT t.trial_id, sum({}) FROM {} s JOIN trials t ON t.trial = s.trial WHERE t.trial_id IN "
        "(:trials) "
        "GROUP BY t.trial_id",
        column, source);
  };
  set_query(table, "training", sum("s.train_seconds - ifnull(s.data_wait_seconds, 0)", "epochs"), "mean");
  set_query(table, "waiting", sum("s.data_wait_seconds", "epochs"), "mean");
  set_query(table, "evaluation", sum("s.evaluate_seconds", "evaluations"), "mean");
  set_query(table, "rest", sum("s.seconds", "attempts"), "mean, less the other columns");
  return table;
}

const TableRegistration kSeedDifferences({.order = 42, .title = "", .make = seed_differences_table});
const TableRegistration kClassDifferencesTable({.order = 44,
                                                .title = "Leader and runner-up, class by class",
                                                .make = class_differences_table});
const TableRegistration kTimePartsTable({.order = 56,
                                         .title = "Where the time went",
                                         .make = time_parts_table});

}  // namespace
}  // namespace segbench::reports
