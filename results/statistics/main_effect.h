// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "results/statistics/summary.h"

// How much of the variance of scores one parameter explains by itself, from draws that were made anyway: the
// first-order (main) effect of functional ANOVA (Hutter et al., ICML 2014) and of variance-based sensitivity
// analysis (Sobol 1993), estimated from groups of draws with similar values (Plischke, Borgonovo and Smith,
// European Journal of Operational Research 2013) instead of by a forest that is fitted to them.

namespace segbench::statistics {

/// Groups of as many values each as can be, by ascending value; equal values are together. Returns the group
/// of each value, counted from 0 without gaps. `groups` >= 1.
std::vector<std::size_t> equal_groups(std::span<const double> values, std::size_t groups);

/// How many groups so many draws allow: at least six draws a group, two to five groups.
std::size_t group_count(std::size_t draws);

struct MainEffect {
  /// Share of the variance between groups, corrected for what chance alone puts there (epsilon squared:
  /// Kelley 1935): 1 - (n - 1) / (n - k) * SS_within / SS_total; not below 0.
  double share = 0;
  /// 95%: Student's t interval with the jackknife's standard error over draws (Efron and Stein 1981), cut at
  /// 0 and 1.
  Interval interval;
  /// How often scores that are shuffled among the draws give so large a share: (1 + hits) / (1 + shuffles).
  double p = 1;
};

/// `group[i]` is that of `scores[i]`. Undefined with fewer than two groups, without two draws more than
/// groups, and where all scores are equal. `shuffles` are drawn from `seed`.
std::optional<MainEffect> main_effect(std::span<const std::size_t> group, std::span<const double> scores,
                                      std::size_t shuffles = 999, std::uint64_t seed = 1);

}  // namespace segbench::statistics
