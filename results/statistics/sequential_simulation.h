// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

// What the rule of sequential.h does in studies whose truth is known: how often it is wrong, and what it
// saves.

namespace segbench::statistics {

struct SimulatedStudy {
  /// Of each variant, the best one first, in standard deviations of the difference of two variants at one
  /// seed.
  std::vector<double> means;
  std::vector<std::size_t>
      looks;  ///< seeds after which it is looked at; the last number is that of all seeds
};

/// Fractions of the simulated studies, but for `trials`.
struct LookFrequencies {
  double decided = 0;       ///< one variant is left
  double any_dropped = 0;   ///< some variant was dropped
  double best_dropped = 0;  ///< the best one was
  double trials = 0;        ///< trained, of those of all seeds; the mean
};

/// Scores are a mean, an effect of the seed on all variants and one on each, both normal; variants are judged
/// by the intervals over seeds alone and without a margin.
LookFrequencies simulate_looks(const SimulatedStudy& study, int studies, std::uint64_t seed = 1);

}  // namespace segbench::statistics
