// SPDX-License-Identifier: MIT
#include "reports/figures/ticks.h"

#include <algorithm>
#include <cmath>

namespace segbench::reports {

Ticks ticks(double low, double high, int at_most) {
  if (!(high > low)) high = low + (low == 0 ? 1 : std::fabs(low) * 0.1);
  const double rough = (high - low) / at_most;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  double step = power;
  for (const double factor : {1.0, 2.0, 2.5, 5.0, 10.0}) {
    step = factor * power;
    if (step >= rough * (1 - 1e-9)) break;
  }
  const bool quarter = std::fabs(step / power - 2.5) < 1e-9;
  const int digits = std::max(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)) + (quarter ? 1 : 0));
  return {.first = std::floor(low / step + 1e-9) * step,
          .last = std::ceil(high / step - 1e-9) * step,
          .step = step,
          .digits = digits};
}

Ticks whole_ticks(std::size_t high, int at_most) {
  const auto last = static_cast<double>(std::max<std::size_t>(high, 1));
  Ticks found = ticks(0, last, at_most);
  if (found.digits == 0) return found;
  found.step = std::max(1.0, std::floor(found.step));  // 2 for 2.5
  found.last = std::ceil(last / found.step) * found.step;
  found.digits = 0;
  return found;
}

}  // namespace segbench::reports
