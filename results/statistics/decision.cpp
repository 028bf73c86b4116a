// SPDX-License-Identifier: MIT
#include "results/statistics/decision.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace segbench::statistics {

const char* to_string(Decision decision) {
  switch (decision) {
    case Decision::kBetter:
      return "better";
    case Decision::kWorse:
      return "worse";
    case Decision::kEquivalent:
      return "equivalent within margin";
    case Decision::kInconclusive:
      break;
  }
  return "inconclusive";
}

Decision decide(const Interval& gain, std::optional<double> margin) {
  if (margin && gain.low > -*margin && gain.high < *margin) return Decision::kEquivalent;
  if (gain.low > 0) return Decision::kBetter;
  if (gain.high < 0) return Decision::kWorse;
  return Decision::kInconclusive;
}

double leader_level(std::size_t candidates, double level) {
  return 1 - 2 * (1 - level) / static_cast<double>(std::max<std::size_t>(candidates, 2));
}

std::optional<std::int64_t> pairs_to_decide(std::span<const double> differences, std::optional<double> margin,
                                            double level, std::int64_t most) {
  const std::optional<double> sd = standard_deviation(differences);
  if (!sd || *sd == 0) return std::nullopt;
  const double center = *mean(differences);
  for (auto n = static_cast<std::int64_t>(differences.size()); n <= most; ++n) {
    const boost::math::students_t t(static_cast<double>(n - 1));
    const double half = quantile(complement(t, (1 - level) / 2)) * *sd / std::sqrt(static_cast<double>(n));
    if (decide({center - half, center + half}, margin) != Decision::kInconclusive) return n;
  }
  return std::nullopt;
}

}  // namespace segbench::statistics
