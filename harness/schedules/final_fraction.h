// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>

#include "harness/core/part.h"
#include "harness/schedules/schedule.h"

namespace segbench::schedules {

/// The parameter "final": what a schedule ends at, as a fraction of the first learning rate.
inline core::ParamSpec final_param() {
  return {.name = "final",
          .types = core::kNumber,
          .default_value = 0.0,
          .help = "what the learning rate goes to, as a fraction of the first",
          .minimum = 0.0,
          .maximum = 1.0};
}

/// How much of the training is done before update `step`: t / T, from 0 to less than 1.
inline double progress(const ScheduleOptions& options, std::int64_t step) {
  return std::min(1.0,
                  static_cast<double>(step) / static_cast<double>(std::max<std::int64_t>(options.steps, 1)));
}

}  // namespace segbench::schedules
