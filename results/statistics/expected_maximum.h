// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace segbench::statistics {

/// What one may expect the best of `n` runs to score, given the scores of N runs. "Best of n" grows with n
/// even when nothing improves; these numbers show by how much.
struct ExpectedMaximum {
  /// n draws with replacement: sum_i v_(i) [(i/N)^n - ((i-1)/N)^n] over the ascending values (Dodge et al.,
  /// "Show Your Work", EMNLP 2019).
  double with_replacement = 0;
  double sd_with_replacement = 0;  ///< standard deviation of that maximum
  /// Mean of the maximum over all subsets of n values; undefined for n > N.
  std::optional<double> without_replacement;
};

/// `n` >= 1; undefined for an empty sample.
std::optional<ExpectedMaximum> expected_maximum(std::span<const double> values, std::int64_t n);

}  // namespace segbench::statistics
