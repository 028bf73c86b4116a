// SPDX-License-Identifier: MIT
#include "results/conclusions/summarise.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "harness/core/measures.h"
#include "harness/metrics/scores.h"
#include "harness/text/numbers.h"
#include "results/statistics/expected_maximum.h"
#include "results/statistics/summary.h"

namespace segbench::conclusions {
namespace {

/// Of as many draws as there are values: beside it one sees how much of the best value is luck.
std::optional<double> expected_best(const std::vector<double>& values, bool higher_is_better) {
  std::vector<double> signed_values = values;
  if (!higher_is_better) std::transform(values.begin(), values.end(), signed_values.begin(), std::negate<>());
  const auto expected = statistics::expected_maximum(signed_values, static_cast<std::int64_t>(values.size()));
  if (!expected) return std::nullopt;
  return higher_is_better ? expected->with_replacement : -expected->with_replacement;
}

}  // namespace

Quantity summarise(const std::vector<TrialValue>& values, bool higher_is_better) {
  Quantity summary;
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
  static_cast<statistics::Summary&>(summary) = statistics::summarise(summary.values);
  summary.best = higher_is_better ? summary.maximum : summary.minimum;
  summary.worst = higher_is_better ? summary.minimum : summary.maximum;
  summary.expected_best = expected_best(summary.values, higher_is_better);
  if (n < 2) summary.why_undefined = "one trial has no interval";
  if (n < values.size()) {
    const char* separator = summary.why_undefined.empty() ? "" : "; ";
    summary.why_undefined +=
        fmt::format("{}undefined in {} of {} trials", separator, values.size() - n, values.size());
  }
  return summary;
}

void keep_within(Quantity& summary, double low, double high) {
  if (!summary.interval) return;
  summary.interval->low = std::clamp(summary.interval->low, low, high);
  summary.interval->high = std::clamp(summary.interval->high, low, high);
}

std::optional<double> score_of(const store::EvaluationRecord& evaluation, std::string_view metric) {
  const core::Measure* measure = core::find_metric(metric);
  if (measure != nullptr && measure->origin == core::Origin::kMeasured) {
    const auto found = evaluation.measures.find(std::string(metric));
    return found == evaluation.measures.end() ? std::nullopt : found->second;
  }
  return metrics::score(metric, evaluation.counts, evaluation.loss, evaluation.background);
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

PairedDifference paired_difference(const std::string& candidate,
                                   const std::vector<TrialValue>& candidate_values,
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

const std::vector<std::size_t>& used_trials(const Conclusions& model, const std::string& variant) {
  static const std::vector<std::size_t> kNone;
  const auto found = model.used.find(variant);
  return found == model.used.end() ? kNone : found->second;
}

std::uint64_t seed_of(const Conclusions& model, const std::string& variant, const std::string& trial) {
  for (const std::size_t i : used_trials(model, variant)) {
    if (model.trials[i].id == trial) return model.trials[i].seed;
  }
  return 0;
}

std::vector<TrialValue> scores_of_variant(const Conclusions& model, const std::string& variant) {
  std::vector<TrialValue> values;
  for (const std::size_t i : used_trials(model, variant)) {
    const TrialLine& line = model.trials[i];
    values.push_back({line.id, line.seed, line.score});
  }
  return values;
}

int digits_for(const std::vector<const Quantity*>& summaries) {
  std::vector<double> halves;
  for (const Quantity* summary : summaries) {
    if (!summary->interval) continue;
    const double half = (summary->interval->high - summary->interval->low) / 2;
    if (half > 0) halves.push_back(half);
  }
  if (halves.empty()) return text::digits_for(std::nullopt);
  const auto middle = halves.begin() + static_cast<std::ptrdiff_t>(halves.size() / 2);
  std::nth_element(halves.begin(), middle, halves.end());
  return std::min(4, text::digits_for(*middle));
}

std::string interval_text(const Interval& interval, int digits) {
  return fmt::format("[{}, {}]", text::fixed(interval.low, digits), text::fixed(interval.high, digits));
}

}  // namespace segbench::conclusions
