// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "results/statistics/summary.h"

namespace segbench::statistics {

/// What one future number is made of.
enum class Future {
  kMean,     ///< the mean of so many further draws; of one, the draw itself
  kLargest,  ///< the largest of them
};

/// Where a number made of `draws` further draws from the same normal distribution lies, at least 95 times of
/// 100. Of a mean: mean ± t(0.975, n - 1) sd sqrt(1 / draws + 1 / n) (Hahn, JASA 1969). Of the largest one:
/// from the lower bound of a single draw to mean + t(1 - 0.025 / draws, n - 1) sd sqrt(1 + 1 / n), which
/// holds it by Bonferroni's inequality (Hahn, Technometrics 1970). Undefined below two values.
std::optional<Interval> prediction_interval(std::span<const double> values, Future future,
                                            std::int64_t draws);

}  // namespace segbench::statistics
