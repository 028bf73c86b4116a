// SPDX-License-Identifier: MIT
#include "harness/cli/profile_answers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>

#include "harness/cli/results_store.h"
#include "harness/cli/selection.h"
#include "harness/cli/table.h"
#include "harness/core/files.h"
#include "harness/core/text.h"
#include "reports/profile/tables.h"
#include "results/conclusions/conclusions.h"
#include "results/conclusions/inputs.h"
#include "results/conclusions/summarise.h"
#include "results/profiles/baseline.h"
#include "results/profiles/budget.h"
#include "results/statistics/summary.h"

namespace segbench::cli {
namespace {

using core::Json;
using profiles::ProfileResults;
using profiles::RowResult;

std::string trial_of(const RowResult& row) {
  return row.facts.at("network").value("trial", "");
}

/// Studies are read once.
struct Studies {
  explicit Studies(const Context& given) : context(given), results(open_results(given)) {}

  const conclusions::StudyInputs& inputs_of(const std::string& study) {
    const auto found = inputs.find(study);
    if (found != inputs.end()) return found->second;
    return inputs.emplace(study, conclusions::load_inputs(results.store, context.runs, study)).first->second;
  }

  const Context& context;
  ResultsStore results;
  std::map<std::string, conclusions::StudyInputs> inputs;
};

/// Median of the trial's epochs.
std::optional<double> seconds_of_epoch(const conclusions::TrialInputs& trial) {
  std::vector<double> seconds;
  for (const store::EpochRecord& epoch : trial.epochs) {
    if (epoch.train_seconds) seconds.push_back(*epoch.train_seconds);
  }
  return statistics::quantile(seconds, 0.5);
}

void add_score(RowResult& row, Studies& studies) {
  const store::TrialRecord record = studies.results.store.trial(trial_of(row));
  const conclusions::StudyInputs& inputs = studies.inputs_of(record.study);
  const std::string metric = conclusions::default_metric(inputs);
  for (const conclusions::TrialInputs& trial : inputs.trials) {
    if (trial.record.trial_id != record.trial_id) continue;
    row.train_epoch_s = seconds_of_epoch(trial);
    if (!row.counts.empty()) {
      profiles::set_score(row, metric);
      continue;
    }
    const store::EvaluationRecord* scored = conclusions::final_evaluation(trial, "test");
    if (scored == nullptr) scored = conclusions::final_evaluation(trial, "selection");  // as rows count
    if (scored == nullptr) continue;
    row.score = conclusions::score_of(*scored, metric);
    row.metric = metric, row.split = scored->split;
  }
}

std::string median_text(const RowResult& row) {
  if (!row.median_interval) return reports::human_seconds(*row.median_s);
  return fmt::format("{} ({} to {})", reports::human_seconds(*row.median_s),
                     reports::human_seconds(row.median_interval->low),
                     reports::human_seconds(row.median_interval->high));
}

std::vector<profiles::GateRow> judged_by(const ProfileResults& results, const Json& baseline,
                                         const GateOptions& options) try {
  return profiles::compare_with_baseline(results, baseline, options.tolerance);
} catch (const core::UserError& error) {
  throw core::UserError(fmt::format("{}: {}", options.baseline.string(), error.what()), error.exit_code());
}

}  // namespace

void add_scores(ProfileResults& results, const Context& context) {
  const bool any = std::any_of(results.rows.begin(), results.rows.end(),
                               [](const RowResult& row) { return !trial_of(row).empty(); });
  if (!any) return;
  try {
    Studies studies(context);
    for (RowResult& row : results.rows) {
      if (!trial_of(row).empty()) add_score(row, studies);
    }
  } catch (const core::UserError& error) {
    note(fmt::format("the trials' scores are not known: {}", error.what()));
  }
}

int answer_budget(const ProfileResults& results, const std::string& text, const std::string& format) {
  const profiles::BudgetAnswer answer = profiles::inside_budget(results, profiles::parse_budget(text));
  Table table;
  table.columns = {{"row"},
                   {"fits"},
                   number_column("median_ms", 2),
                   {.key = "peak_bytes", .title = "peak memory", .number = true},
                   number_column("score", 4),
                   number_column("macs", 0)};
  const auto add = [&](const std::vector<const RowResult*>& rows, const char* fits) {
    for (const RowResult* row : rows) {
      Cell memory = text::integer_cell(row->peak_bytes);
      if (row->peak_bytes) memory.text = core::human_bytes(static_cast<std::uint64_t>(*row->peak_bytes));
      table.rows.push_back({row->label, fits, *row->median_s * 1e3, memory,
                            row->score ? Json(*row->score) : Json(),
                            row->macs ? Json(static_cast<std::int64_t>(*row->macs)) : Json()});
    }
  };
  add(answer.inside, "yes");
  add(answer.perhaps, "perhaps");
  fmt::print("{}", render(table, format));
  if (answer.inside.empty()) {
    fmt::print(stderr, "nothing is inside {}{}\n", text, answer.perhaps.empty() ? "" : " for certain");
    return answer.perhaps.empty() ? core::kTrialFailed : core::kInconclusive;
  }
  const RowResult& best = *answer.inside.front();
  fmt::print(stderr, "inside {}: {}, {}{}\n", text, best.label, median_text(best),
             answer.ranked_by.empty() ? "" : fmt::format("; ranked by {}", answer.ranked_by));
  if (answer.ranked_by == "MACs")
    note("no trial's score is known, so the largest network is named, not the best");
  return core::kSuccess;
}

int answer_gate(const ProfileResults& results, const GateOptions& options, const std::string& format) {
  const Json baseline = Json::parse(core::read_file(options.baseline), nullptr, /*allow_exceptions=*/false);
  if (!baseline.is_object() || !baseline.contains("rows"))
    throw core::UserError(fmt::format("{}: not a profile as `segbench profile --format json` writes it",
                                      options.baseline.string()));
  const std::vector<std::string> reasons = profiles::why_not_comparable(results, baseline);
  if (!reasons.empty() && !options.across_sessions) {
    throw core::UserError(
        fmt::format("{}: its times are not comparable with these: {}. --across-sessions compares "
                    "them all the same",
                    options.baseline.string(), fmt::join(reasons, "; ")),
        core::kNotComparable);
  }
  for (const std::string& reason : reasons) fmt::print(stderr, "warning: the baseline is of {}\n", reason);
  Table table;
  table.columns = {
      {"row"}, {"gate"}, number_column("ratio", 3), number_column("low", 3), number_column("high", 3),
      {"why"}};
  int slower = 0, undecided = 0;
  for (const profiles::GateRow& row : judged_by(results, baseline, options)) {
    slower += row.gate == profiles::Gate::kSlower;
    undecided += row.gate == profiles::Gate::kUndecided;
    table.rows.push_back({row.label, std::string(to_string(row.gate)), row.ratio ? Json(*row.ratio) : Json(),
                          row.interval ? Json(row.interval->low) : Json(),
                          row.interval ? Json(row.interval->high) : Json(), row.why});
  }
  fmt::print("{}", render(table, format));
  fmt::print(stderr, "{} slower by more than {:g} %, {} undecided, of {} rows\n", slower,
             100 * options.tolerance, undecided, table.rows.size());
  return slower > 0 ? core::kTrialFailed : undecided > 0 ? core::kInconclusive : core::kSuccess;
}

}  // namespace segbench::cli
