// SPDX-License-Identifier: MIT
#include "results/statistics/power.h"

#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "harness/core/error.h"

namespace segbench::statistics {
namespace {

double degrees_of_freedom(double n, Design design) {
  return design == Design::kPaired ? n - 1 : 2 * (n - 1);
}

}  // namespace

double power(double effect_size, double n, double alpha, Design design) {
  SEGBENCH_CHECK(n > 1 && alpha > 0 && alpha < 1, "{} trials at level {}", n, alpha);
  const double df = degrees_of_freedom(n, design);
  const double shift = std::abs(effect_size) * std::sqrt(design == Design::kPaired ? n : n / 2);
  const double critical = quantile(complement(boost::math::students_t(df), alpha / 2));
  if (shift == 0) return alpha;
  // The series of the noncentral t fails far out in the tails, where the answer is 1 anyway.
  if (shift > 35 && shift > 2 * critical) return 1;
  const boost::math::non_central_t t(df, shift);
  return cdf(complement(t, critical)) + cdf(t, -critical);
}

std::optional<double> needed_n(double effect_size, double wanted, double alpha, Design design, double most) {
  SEGBENCH_CHECK(wanted > alpha && wanted < 1, "a power of {} at level {}", wanted, alpha);
  if (effect_size == 0 || power(effect_size, most, alpha, design) < wanted) return std::nullopt;
  double low = 1 + 1e-6, high = 2;
  while (power(effect_size, high, alpha, design) < wanted) low = high, high *= 2;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (power(effect_size, middle, alpha, design) < wanted ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace segbench::statistics
