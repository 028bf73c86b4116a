// SPDX-License-Identifier: MIT
#include "results/statistics/welch.h"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace segbench::statistics {

std::optional<MeanDifference> welch(std::span<const double> x, std::span<const double> y, double level) {
  const auto sx = standard_deviation(x), sy = standard_deviation(y);
  if (!sx || !sy || *sx + *sy == 0) return std::nullopt;
  const auto nx = static_cast<double>(x.size()), ny = static_cast<double>(y.size());
  const double vx = *sx * *sx / nx, vy = *sy * *sy / ny;
  MeanDifference found{.difference = *mean(x) - *mean(y),
                       .df = (vx + vy) * (vx + vy) / (vx * vx / (nx - 1) + vy * vy / (ny - 1)),
                       .interval = {}};
  const double reach =
      quantile(complement(boost::math::students_t(found.df), (1 - level) / 2)) * std::sqrt(vx + vy);
  found.interval = {found.difference - reach, found.difference + reach};
  return found;
}

}  // namespace segbench::statistics
