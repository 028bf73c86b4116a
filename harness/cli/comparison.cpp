// SPDX-License-Identifier: MIT
#include "harness/cli/comparison.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "harness/core/error.h"
#include "harness/core/metric_names.h"
#include "harness/metrics/scores.h"
#include "results/statistics/expected_maximum.h"
#include "results/statistics/paired.h"

namespace segbench::cli {
namespace {

using core::Json, core::TrialStatus;

/// Scores of different images say nothing about each other.
void require_same_images(const std::vector<store::TrialRecord>& trials, std::string_view split) {
  std::map<std::pair<std::string, std::string>, std::set<std::string>> groups;
  for (const store::TrialRecord& trial : trials) {
    if (trial.status != TrialStatus::kComplete) continue;
    groups[{trial.data_fingerprint, split == "test" ? trial.test_set : trial.selection_set}].insert(
        trial.variant_label);
  }
  if (groups.size() < 2) return;
  std::string message = fmt::format(
      "not comparable: the variants are scored on {} different sets of {} images:", groups.size(), split);
  for (const auto& [identity, labels] : groups) {
    message += fmt::format("\n  data {}, images {}: {}", identity.first.substr(0, 12), identity.second,
                           fmt::join(labels, ", "));
  }
  throw core::UserError(message + "\nname the variants that belong together with --variant",
                        core::kNotComparable);
}

/// `sign` is -1 where lower scores are better.
std::vector<VariantRow> group_by_variant(const std::vector<store::TrialRecord>& trials,
                                         const std::unordered_map<std::string, double>& score_of_trial,
                                         double sign) {
  std::map<std::string, VariantRow> rows;
  std::map<std::string, std::vector<double>> seconds;
  for (const store::TrialRecord& trial : trials) {
    VariantRow& row = rows[trial.variant_label];
    row.label = trial.variant_label;
    ++row.trials;
    if (trial.status == TrialStatus::kFailed)
      ++row.failed;
    else if (trial.status != TrialStatus::kComplete)
      ++row.unfinished;
    if (trial.parameters) row.parameters = trial.parameters;
    const auto score = score_of_trial.find(trial.trial_id);
    if (score == score_of_trial.end()) continue;
    row.scores[trial.seed] = score->second;
    if (trial.train_seconds) seconds[trial.variant_label].push_back(*trial.train_seconds);
  }
  std::vector<VariantRow> list;
  for (auto& [label, row] : rows) {
    std::vector<double> values, goodness;
    for (const auto& [seed, score] : row.scores) {
      values.push_back(score);
      goodness.push_back(sign * score);
    }
    row.summary = statistics::summarise(values);
    if (row.summary.n > 0)
      row.expected_best = sign * statistics::expected_maximum(goodness, row.summary.n)->with_replacement;
    row.train_seconds = statistics::mean(seconds[label]);
    list.push_back(std::move(row));
  }
  return list;
}

void compare_with_best(std::vector<VariantRow>& rows) {
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const std::vector<double> differences = statistics::differences_by_seed(rows[i].scores, rows[0].scores);
    rows[i].pairs = static_cast<std::int64_t>(differences.size());
    rows[i].difference = statistics::mean(differences);
    rows[i].difference_ci95 = statistics::t_interval(differences);
  }
}

std::vector<std::string> notes_about(const std::vector<store::TrialRecord>& trials,
                                     const std::vector<VariantRow>& rows) {
  std::vector<std::string> notes;
  std::int64_t failed = 0, unfinished = 0;
  std::vector<std::string> few;
  for (const VariantRow& row : rows) {
    failed += row.failed;
    unfinished += row.unfinished;
    if (row.summary.n < statistics::kLeastSeeds)
      few.push_back(fmt::format("{} (n = {})", row.label, row.summary.n));
  }
  if (!few.empty()) notes.push_back(fmt::format("no verdict below three seeds: {}", fmt::join(few, ", ")));
  if (failed > 0)
    notes.push_back(fmt::format("{} of {} trials failed and have no score; `segbench status` says why",
                                failed, trials.size()));
  if (unfinished > 0)
    notes.push_back(fmt::format("{} of {} trials are not complete", unfinished, trials.size()));
  std::set<std::string> resolutions;
  for (const store::TrialRecord& trial : trials) {
    resolutions.insert(trial.variant.value(Json::json_pointer("/data/resolution"), Json()).dump());
  }
  if (resolutions.size() > 1) {
    notes.push_back(
        fmt::format("the variants are scored at different resolutions: {}", fmt::join(resolutions, ", ")));
  }
  return notes;
}

struct Cell {
  Cell(Column c, Json v) : column(std::move(c)), value(std::move(v)) {}
  Column column;
  Json value;
};

Json number(const std::optional<double>& value) {
  return value ? Json(*value) : Json();
}

/// One row of the table. For people an interval is one cell, otherwise two.
std::vector<Cell> cells_of(const VariantRow& variant, bool higher_is_better, bool for_people) {
  std::vector<Cell> cells;
  const auto add = [&](const std::string& name, Json value, int digits = 4) {
    cells.emplace_back(Column{name, digits, name != "variant"}, std::move(value));
  };
  const auto add_interval = [&](const std::string& name,
                                const std::optional<statistics::Interval>& interval) {
    if (for_people) {
      add(name, interval ? Json(fmt::format("{:.4f} … {:.4f}", interval->low, interval->high)) : Json());
    } else {
      add(name + "_low", interval ? Json(interval->low) : Json());
      add(name + "_high", interval ? Json(interval->high) : Json());
    }
  };
  const statistics::Summary& s = variant.summary;
  add("variant", variant.label);
  add("n", s.n);
  add("failed", variant.failed);
  add("mean", number(s.mean));
  add_interval("ci95", s.t_ci95);
  add("worst", number(higher_is_better ? s.minimum : s.maximum));
  add("best", number(higher_is_better ? s.maximum : s.minimum));
  add("expected_best", number(variant.expected_best));
  add("to_best", number(variant.difference));
  add_interval("to_best_ci95", variant.difference_ci95);
  add("train_s", number(variant.train_seconds), 1);
  add("parameters", variant.parameters ? Json(*variant.parameters) : Json());
  return cells;
}

}  // namespace

Comparison compare_variants(const std::vector<store::TrialRecord>& trials,
                            const std::vector<store::EvaluationRecord>& evaluations, std::string_view metric,
                            std::string_view split) {
  require_same_images(trials, split);
  const core::MetricName* name = core::find_metric(metric);
  SEGBENCH_CHECK(name != nullptr, "no metric {}", metric);
  std::unordered_map<std::string, double> score_of_trial;
  for (const store::EvaluationRecord& evaluation : evaluations) {
    if (const auto score = metrics::score(metric, evaluation.counts, evaluation.loss)) {
      score_of_trial.emplace(evaluation.trial_id, *score);
    }
  }
  const double sign = name->higher_is_better ? 1 : -1;
  Comparison comparison{
      std::string(metric), std::string(split), group_by_variant(trials, score_of_trial, sign), {}};
  std::stable_sort(comparison.variants.begin(), comparison.variants.end(),
                   [&](const VariantRow& a, const VariantRow& b) {
                     if (!a.summary.mean || !b.summary.mean)
                       return a.summary.mean.has_value() && !b.summary.mean;
                     return sign * *a.summary.mean > sign * *b.summary.mean;
                   });
  compare_with_best(comparison.variants);
  comparison.notes = notes_about(trials, comparison.variants);
  return comparison;
}

Table comparison_table(const Comparison& comparison, std::string_view format) {
  const bool for_people = format == "table" || format == "md";
  const bool higher_is_better = core::find_metric(comparison.metric)->higher_is_better;
  Table table;
  for (const Cell& cell : cells_of({}, higher_is_better, for_people)) table.columns.push_back(cell.column);
  for (const VariantRow& variant : comparison.variants) {
    table.rows.emplace_back();
    for (const Cell& cell : cells_of(variant, higher_is_better, for_people))
      table.rows.back().push_back(cell.value);
  }
  return table;
}

}  // namespace segbench::cli
