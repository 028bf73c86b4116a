// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "results/conclusions/conclusions.h"
#include "results/conclusions/inputs.h"

// What became of a study to which seeds are added until it is decided which variant is best: the rule of
// statistics/sequential.h on its trials, by the metric that its variants select by, on the test split.

namespace segbench::conclusions {

/// Follows the rule as far as trials have ended. A look that was recorded (core/looks.h) is computed anew
/// from the trials that it stands on, and counts as it was recorded; empty where the study has no such rule.
std::optional<Sequential> follow_rule(const StudyInputs& inputs, const Conclusions& model);

/// The look as it is recorded.
core::Json look_json(const StudyInputs& inputs, const LookTaken& look);

/// The levels of intervals about a pair with so many seeds in common, which hold at whichever look the study
/// has ended: of two variants that are compared with all others, and of a claim. `otherwise` without a rule.
double pair_level_of(const Conclusions& model, std::size_t seeds, double otherwise);
double claim_level_of(const Conclusions& model, std::size_t seeds);

/// What seeds alone say and what seeds and images say must both hold: widens the interval of a weighed pair
/// to Student's t over seeds.
void widen(PairedDifference& pair);

/// What the rule is and what it did, a sentence each; none where there is no rule.
std::vector<std::string> say_sequential(const Conclusions& model);
/// What the looks that are not written down yet found, and how it goes on. There must be a rule.
std::vector<std::string> say_new_looks(const Conclusions& model);

}  // namespace segbench::conclusions
