// SPDX-License-Identifier: MIT
#include "harness/profile/warm_up.h"

#include <cmath>

#include "results/statistics/median.h"

namespace segbench::profile {

bool is_stationary(std::span<const double> seconds) {
  constexpr double kTwoSided = 1.959964;  // 97.5 % of the standard normal distribution
  if (seconds.size() < kWarmUpWindow) return false;
  return std::abs(*statistics::mann_kendall(seconds.last(kWarmUpWindow))) < kTwoSided;
}

}  // namespace segbench::profile
