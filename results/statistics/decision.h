// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "results/statistics/summary.h"

namespace segbench::statistics {

/// What a confidence interval of a gain (more is better) allows to say.
enum class Decision { kBetter, kWorse, kEquivalent, kInconclusive };
/// "better", "worse", "equivalent within margin", "inconclusive".
const char* to_string(Decision decision);

/// Equivalent where the whole interval lies within (-margin, margin), which must have been declared before
/// looking (two one-sided tests: Schuirmann 1987); else better or worse where it lies on one side of 0; else
/// inconclusive.
Decision decide(const Interval& gain, std::optional<double> margin = std::nullopt);

/// The level of an interval by which the leader of `candidates`, picked after looking, is held against the
/// next one: 1 - 2 alpha / k. Were all alike, each of the k would lead by so much with a chance of alpha / k
/// at most, since it would have to lead over any chosen one; so one of them does with a chance of alpha at
/// most.
double leader_level(std::size_t candidates, double level = 0.95);

/// How many pairs in all would settle an undecided comparison, were mean and spread of the differences what
/// they are so far: the least n at which a t interval of this level excludes 0, or lies within the margin.
/// Undefined below two pairs, without spread, and above `most`.
std::optional<std::int64_t> pairs_to_decide(std::span<const double> differences,
                                            std::optional<double> margin = std::nullopt, double level = 0.95,
                                            std::int64_t most = 1'000);

}  // namespace segbench::statistics
