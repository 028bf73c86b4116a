// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "results/conclusions/conclusions.h"

namespace segbench::conclusions {

/// The value that one trial gives to a quantity.
struct TrialValue {
  std::string trial;
  std::uint64_t seed = 0;
  std::optional<double> value;
};

/// Summarises the defined values; says what is missing and why in `why_undefined`.
Quantity summarise(const std::vector<TrialValue>& values, bool higher_is_better = true);

/// Cuts the interval of a quantity that cannot leave [low, high]: what lies beyond is impossible, so the
/// interval holds the mean as often as before.
void keep_within(Quantity& summary, double low, double high);

/// The score `metric` of a pooled evaluation; undefined when nothing defines it.
std::optional<double> score_of(const store::EvaluationRecord& evaluation, std::string_view metric);

/// The evaluation of the weights that a trial selected, on `split`: its final evaluation, or that of the
/// selected epoch where the split has no final one. nullptr when there is none.
const store::EvaluationRecord* final_evaluation(const TrialInputs& trial, std::string_view split);

/// Pairs two variants' values by seed: candidate minus reference.
PairedDifference paired_difference(const std::string& candidate,
                                   const std::vector<TrialValue>& candidate_values,
                                   const std::string& reference,
                                   const std::vector<TrialValue>& reference_values);

/// Decimals worth printing in a column, at most 4: by the median interval of the summaries.
int digits_for(const std::vector<const Quantity*>& summaries);

/// "[0.412, 0.455]".
std::string interval_text(const Interval& interval, int digits);

/// Conclusions::used of one variant; empty for one that has none.
const std::vector<std::size_t>& used_trials(const Conclusions& model, const std::string& variant);

/// The seed of a used trial of a variant; 0 when there is no such trial.
std::uint64_t seed_of(const Conclusions& model, const std::string& variant, const std::string& trial);

/// The values of `entry.score`'s kind by trial, from the list of trials.
std::vector<TrialValue> scores_of_variant(const Conclusions& model, const std::string& variant);

}  // namespace segbench::conclusions
