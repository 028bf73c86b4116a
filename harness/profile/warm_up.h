// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>

namespace segbench::profile {

/// How many iterations are looked at, and the most that a warm-up takes.
inline constexpr std::size_t kWarmUpWindow = 12;
inline constexpr std::size_t kLongestWarmUp = 120;
inline constexpr double kLongestWarmUpSeconds = 10;

/// Whether iteration times have become stationary: the last kWarmUpWindow of them show no trend, by the
/// two-sided test of Mann (1945) and Kendall (1975) at 5 %, |z| < 1.96. (Georges et al., OOPSLA 2007, wait
/// until the coefficient of variation of a window is below 1 or 2 %, which a machine with neighbours never
/// reaches although nothing warms up any more.)
bool is_stationary(std::span<const double> seconds);

}  // namespace segbench::profile
