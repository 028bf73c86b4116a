// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "results/statistics/summary.h"

// Looking at a study several times while seeds are added, without being fooled more often than once. Each
// look has its own share of the allowed error, by the power family of Kim and DeMets ("Design and analysis of
// group sequential tests based on the type I error spending rate function", Biometrika 74, 1987): after the
// fraction t of all seeds alpha t^1.5 is spent. A pair of variants is judged at a look by an interval with
// just that look's share, divided by the number of pairs (Bonferroni): a repeated confidence interval
// (Jennison and Turnbull, "Interim analyses: the repeated confidence interval approach", JRSS B 51, 1989).
// Shares are added up by Boole's inequality instead of the joint distribution of the looks, which is known
// for normal deviates only: so what holds of one interval at its level (Student's t is exact for three seeds)
// holds of all looks and pairs together.

namespace segbench::statistics {

struct Look {
  std::size_t seeds = 0;     ///< so many of each variant
  double alpha = 0;          ///< spent by this look, of all pairs together
  double pair_level = 0.95;  ///< of the interval of each pair
};

/// `seeds` ascends, its last number is that of all seeds; `variants` take part.
std::vector<Look> plan_looks(std::span<const std::size_t> seeds, std::size_t variants, double level = 0.95);

/// A variant that can no longer win: another one is better, and not merely equivalent within the margin.
struct Elimination {
  std::size_t variant = 0, by = 0;
  Interval deficit;  ///< of by minus variant; all of it above 0
};

struct LookResult {
  std::vector<Elimination> eliminated;
  std::vector<std::size_t> remaining;  ///< in the order in which they were given
  std::size_t leader = 0;              ///< the remaining one with the best score
  /// The leader is alone, or equivalent within the margin to every other one that remains.
  bool decided = false;
};

/// The interval of the gain of one variant over another at this look; undefined where it cannot be told.
using GainInterval = std::function<std::optional<Interval>(std::size_t variant, std::size_t other)>;

/// `remaining` (not empty) are judged; `scores` (more is better) are theirs, by variant. The leader is never
/// eliminated.
LookResult take_look(std::span<const std::size_t> remaining, std::span<const double> scores,
                     const GainInterval& gain, std::optional<double> margin = std::nullopt);

}  // namespace segbench::statistics
