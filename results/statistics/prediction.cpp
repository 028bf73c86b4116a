// SPDX-License-Identifier: MIT
#include "results/statistics/prediction.h"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "harness/core/error.h"

namespace segbench::statistics {

std::optional<Interval> prediction_interval(std::span<const double> values, Future future,
                                            std::int64_t draws) {
  SEGBENCH_CHECK(draws > 0, "{} draws", draws);
  if (values.size() < 2) return std::nullopt;
  constexpr double kTail = 0.025;
  const auto n = static_cast<double>(values.size()), k = static_cast<double>(draws);
  const boost::math::students_t student(n - 1);
  const double center = *mean(values), sd = *standard_deviation(values);
  const double scale = sd * std::sqrt((future == Future::kMean ? 1 / k : 1.0) + 1 / n);
  const double upper_tail = future == Future::kMean ? kTail : kTail / k;
  return Interval{center - quantile(student, 1 - kTail) * scale,
                  center + quantile(student, 1 - upper_tail) * scale};
}

}  // namespace segbench::statistics
