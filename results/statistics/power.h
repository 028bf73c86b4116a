// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

// Power of two-sided t tests, both tails counted, by the noncentral t distribution.

namespace segbench::statistics {

enum class Design {
  kPaired,       ///< effect: |mean difference| / its standard deviation; n pairs
  kIndependent,  ///< effect: |difference of means| / common standard deviation; n in each group
};

/// The chance that a test at level `alpha` finds an effect of this size with n trials; `n` > 1, any real.
double power(double effect_size, double n, double alpha = 0.05, Design design = Design::kPaired);

/// The n at which that chance reaches `power`, a real number; undefined for no effect, and where more than
/// `most` were needed.
std::optional<double> needed_n(double effect_size, double power = 0.8, double alpha = 0.05,
                               Design design = Design::kPaired, double most = 1e7);

}  // namespace segbench::statistics
