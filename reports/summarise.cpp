// SPDX-License-Identifier: MIT
#include "reports/summarise.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "harness/metrics/scores.h"

namespace segbench::reports {
namespace {

double mean_of(const std::vector<double>& v) {
  double sum = 0;
  for (const double x : v) sum += x;
  return sum / static_cast<double>(v.size());
}

double expected_best_of(std::vector<double> values, bool higher) {
  std::sort(values.begin(), values.end());
  if (!higher) std::reverse(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto k = static_cast<double>(i);
    sum += values[i] * (std::pow((k + 1) / n, n) - std::pow(k / n, n));
  }
  return sum;
}

}  // namespace

Summary summarise(const std::vector<TrialValue>& values, bool higher_is_better) {
  Summary summary;
  for (const TrialValue& value : values) {
    if (!value.value || !std::isfinite(*value.value)) continue;
    summary.trials.push_back(value.trial);
    summary.values.push_back(*value.value);
  }
  const std::size_t n = summary.values.size();
  if (n == 0) {
    summary.why_undefined = values.empty() ? "no complete trial" : "undefined in every trial";
    return summary;
  }
  summary.mean = mean_of(summary.values);
  const auto [low, high] = std::minmax_element(summary.values.begin(), summary.values.end());
  summary.best = higher_is_better ? *high : *low;
  summary.expected_best = expected_best_of(summary.values, higher_is_better);
  if (n < 2) {
    summary.why_undefined = "one trial has no interval";
  } else {
    double squares = 0;
    for (const double x : summary.values) squares += (x - *summary.mean) * (x - *summary.mean);
    summary.deviation = std::sqrt(squares / static_cast<double>(n - 1));
    const boost::math::students_t t(static_cast<double>(n - 1));
    const double half = boost::math::quantile(t, 0.5 + kConfidence / 2) * *summary.deviation / std::sqrt(static_cast<double>(n));
    summary.interval = {*summary.mean - half, *summary.mean + half};
  }
  if (n < values.size()) summary.why_undefined += fmt::format("{}undefined in {} of {} trials", summary.why_undefined.empty() ? "" : "; ", values.size() - n, values.size());
  return summary;
}

std::optional<double> score_of(const store::EvaluationRecord& evaluation, std::string_view metric) {
  return metrics::score(metric, evaluation.counts, evaluation.loss);
}

const store::EvaluationRecord* final_evaluation(const TrialInputs& trial, std::string_view split) {
  const store::EvaluationRecord* of_selected_epoch = nullptr;
  for (const store::EvaluationRecord& evaluation : trial.evaluations) {
    if (evaluation.split != split) continue;
    if (evaluation.weights == "selected") return &evaluation;
    if (evaluation.epoch == trial.record.selected_epoch) of_selected_epoch = &evaluation;
  }
  return of_selected_epoch;
}

PairedDifference paired_difference(const std::string& candidate, const std::vector<TrialValue>& candidate_values,
                                   const std::string& reference,
                                   const std::vector<TrialValue>& reference_values) {
  PairedDifference pairs;
  pairs.candidate = candidate, pairs.reference = reference;
  std::vector<TrialValue> differences;
  for (const TrialValue& ours : candidate_values) {
    const auto theirs = std::find_if(reference_values.begin(), reference_values.end(),
                                     [&](const TrialValue& value) { return value.seed == ours.seed; });
    if (theirs == reference_values.end() || !ours.value || !theirs->value) continue;
    pairs.seeds.push_back(ours.seed);
    pairs.candidate_trials.push_back(ours.trial);
    pairs.reference_trials.push_back(theirs->trial);
    differences.push_back({ours.trial, ours.seed, *ours.value - *theirs->value});
  }
  pairs.difference = summarise(differences);
  if (differences.empty()) pairs.difference.why_undefined = "no seed has a complete trial of both";
  if (differences.size() == 1) pairs.difference.why_undefined = "one common seed has no interval";
  return pairs;
}

std::vector<TrialValue> scores_of_variant(const ReportModel& model, const std::string& variant) {
  std::vector<TrialValue> values;
  for (const TrialLine& line : model.trials) {
    if (line.used && line.variant == variant) values.push_back({line.id, line.seed, line.score});
  }
  return values;
}

}  // namespace segbench::reports
