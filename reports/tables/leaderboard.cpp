// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <fmt/ranges.h>
#include <algorithm>
#include <map>

#include "harness/core/measures.h"
#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "reports/model/shown.h"
#include "reports/tables/cells.h"
#include "reports/tables/queries.h"
#include "reports/tables/strip_cell.h"
#include "reports/tables/tables.h"
#include "results/conclusions/summarise.h"

namespace segbench::reports {
namespace {

std::vector<const Quantity*> scores_of(const ReportModel& model) {
  std::vector<const Quantity*> all;
  for (const Entry& entry : model.leaderboard) all.push_back(&entry.score);
  return all;
}

/// The studies that have a variant, and what it is called in them.
struct Place {
  std::string studies, label;
};
Place place_of(const ReportModel& model, const Entry& entry) {
  Place place{.studies = model.studies.empty() ? model.study : "", .label = entry.label};
  for (const StudyPart& part : model.studies) {
    for (const auto& [id, label] : part.variants) {
      if (id != entry.id) continue;
      place.studies += (place.studies.empty() ? "" : ", ") + part.name;
      place.label = label;
    }
  }
  return place;
}

/// The variants that are scored on the same images stand together, in the leaderboard's order: only they may
/// be ranked against each other.
std::vector<const Entry*> grouped_entries(const ReportModel& model) {
  std::vector<const Entry*> entries;
  for (const Entry& entry : model.leaderboard) entries.push_back(&entry);
  if (model.not_comparable.empty()) return entries;
  std::map<std::string, std::size_t> first;
  for (std::size_t i = 0; i < entries.size(); ++i) first.emplace(entries[i]->basis, i);
  std::stable_sort(entries.begin(), entries.end(),
                   [&](const Entry* a, const Entry* b) { return first[a->basis] < first[b->basis]; });
  return entries;
}

std::string listed(const std::vector<double>& values, int digits) {
  std::vector<std::string> texts;
  for (const double value : values) texts.push_back(text::fixed(value, digits));
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string leaderboard_caption(const ReportModel& model) {
  std::string caption = fmt::format(
      "{} on the {} split, by variant: the mean over trials with its 95% interval, and every single trial.",
      text::metric_title(model.metric), model.split);
  if (model.search) caption += " Ranked by the selection split, by which the search chose.";
  caption += more_text(model, "leaderboard");
  if (!text::higher_is_better(model.metric)) caption += " Lower is better.";
  if (!model.not_comparable.empty())
    caption +=
        " Variants that are scored on other data or images are ranked apart: their scores cannot be "
        "compared.";
  return caption;
}

std::vector<text::Column> leaderboard_columns(const ReportModel& model, const StripScale& scale) {
  const text::Where several = model.studies.empty() ? text::Where::kData : text::Where::kEverywhere;
  const text::Where apart = model.not_comparable.empty() ? text::Where::kData : text::Where::kEverywhere;
  return {{"rank", "#", true},
          {"study", "Study", false, several},
          {"variant", "Variant"},
          {"variant_id", "", false, text::Where::kData},
          {"basis", "Scored on", false, apart, "only equal ones may be compared"},
          {"mean", "Mean", true},
          {"interval", "95% interval", true, text::Where::kShown, "t interval of the mean over trials"},
          {"interval_low", "", true, text::Where::kData},
          {"interval_high", "", true, text::Where::kData},
          {"n", "n", true, text::Where::kEverywhere, "complete trials"},
          {"strip", "Trials", false, text::Where::kShown,
           fmt::format("drawn from {} to {}", text::fixed(scale.low, scale.digits),
                       text::fixed(scale.high, scale.digits))},
          {"best", "Best of n", true, text::Where::kEverywhere, "the best single trial: grows with n alone"},
          {"expected_best", "Expected best", true, text::Where::kEverywhere,
           "expected best of n draws from these trials (Dodge et al. 2019)"},
          {"gap", "Selection − test", true, text::Where::kEverywhere,
           "mean difference between the selection split, where the epoch was chosen, and this split"},
          {"parameters", "Parameters", true},
          {"macs", "MACs", true, text::Where::kEverywhere, "multiply-accumulates of one image"},
          {"train_seconds", "Training", true, text::Where::kEverywhere, "mean over trials"},
          {"peak_memory_bytes", "Peak memory", true, text::Where::kEverywhere, "mean over trials"}};
}

void set_queries(text::Table& table, const ReportModel& model) {
  const std::string query = score_query(model.metric, model.split);
  set_query(table, "mean", query, "mean");
  set_query(table, "interval", query, "95% t interval of the mean");
  set_query(table, "n", query, "number of values");
  set_query(table, "best", query, text::higher_is_better(model.metric) ? "maximum" : "minimum");
  set_query(table, "expected_best", query, "expected best of as many draws (Dodge et al. 2019)");
  set_query(table, "gap", score_query(model.metric, "selection"),
            "mean over trials of this less the value on the " + model.split + " split");
  set_query(table, "parameters", trial_query("parameters"), "value of each");
  set_query(table, "macs", trial_query("macs"), "value of each");
  set_query(table, "train_seconds", trial_query("train_seconds"), "mean");
  set_query(table, "peak_memory_bytes", trial_query("peak_memory_bytes"), "mean");
}

std::vector<text::Cell> leaderboard_row(const ReportModel& model, const Entry& entry,
                                        const text::Cell& position, const StripScale& scale, int digits) {
  const Quantity& s = entry.score;
  const Place place = place_of(model, entry);
  text::Cell n = text::integer_cell(static_cast<std::int64_t>(s.values.size()), s.trials);
  if (entry.complete < entry.planned) n.text = fmt::format("{} of {}", entry.complete, entry.planned);
  return {position,
          text::Cell(place.studies),
          text::Cell(place.label),
          text::Cell(entry.id),
          text::Cell(entry.basis),
          metric_cell(model.metric, s, digits),
          interval_cell(s, digits),
          end_cell(s, &Interval::low, digits),
          end_cell(s, &Interval::high, digits),
          n,
          text::markup_cell(listed(s.values, digits), strip_svg(entry, model, scale)),
          text::number_cell(s.best, digits, s.trials, s.why_undefined),
          text::number_cell(s.expected_best, digits, s.trials, s.why_undefined),
          text::number_cell(entry.gap.mean, entry.gap.mean ? text::signed_fixed(*entry.gap.mean, digits) : "",
                            entry.gap.trials, entry.gap.why_undefined),
          count_cell(entry.parameters, entry.size_trials),
          count_cell(entry.macs, entry.size_trials),
          duration_cell(entry.train_seconds),
          bytes_cell(entry.peak_memory_bytes)};
}

}  // namespace

text::Table leaderboard_table(const ReportModel& model) {
  const int digits = conclusions::digits_for(scores_of(model));
  const StripScale scale = strip_scale(model);
  text::Table table{.name = "leaderboard",
                    .caption = leaderboard_caption(model),
                    .columns = leaderboard_columns(model, scale),
                    .rows = {},
                    .row_heads = false,
                    .sortable = true};
  set_queries(table, model);
  std::map<std::string, std::int64_t> ranks;  // of each group
  for (const Entry* entry : grouped_entries(model)) {
    const text::Cell position =
        entry->score.mean ? text::integer_cell(++ranks[model.not_comparable.empty() ? "" : entry->basis])
                          : text::number_cell(std::nullopt, "", {}, entry->score.why_undefined);
    table.rows.push_back(leaderboard_row(model, *entry, position, scale, digits));
  }
  return table;
}

std::vector<core::Measure> shown_metrics(const ReportModel& model) {
  std::vector<core::Measure> shown;
  for (const core::Measure& metric : core::kMetrics) {
    const bool is_shown =
        metric.origin == core::Origin::kCounts ||
        (!model.leaderboard.empty() &&
         std::any_of(model.leaderboard.front().metrics.begin(), model.leaderboard.front().metrics.end(),
                     [&](const MetricScore& score) { return score.key == metric.key; }));
    if (is_shown) shown.push_back(metric);
  }
  return shown;
}

text::Table metrics_table(const ReportModel& model) {
  text::Table table{
      .name = "metrics",
      .caption = fmt::format("Every metric on the {} split: means over the complete trials.", model.split),
      .columns = {{"variant", "Variant"}},
      .rows = {},
      .row_heads = true,
      .sortable = true};
  for (const core::Measure& metric : shown_metrics(model)) {
    table.columns.push_back({std::string(metric.key), std::string(metric.title), true,
                             text::Where::kEverywhere, std::string(metric.definition)});
    set_query(table, metric.key, score_query(metric.key, model.split), "mean");
  }
  for (const Entry& entry : model.leaderboard) {
    std::vector<text::Cell> row = {text::Cell(entry.label)};
    for (const MetricScore& score : entry.metrics) {
      row.push_back(
          text::number_cell(score.summary.mean, 3, score.summary.trials, score.summary.why_undefined));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

namespace {

const TableRegistration kLeaderboard({.order = 10, .title = "", .make = leaderboard_table});
const TableRegistration kMetrics({.order = 20, .title = "", .make = metrics_table});

}  // namespace

}  // namespace segbench::reports
