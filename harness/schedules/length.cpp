// SPDX-License-Identifier: MIT
#include "harness/schedules/length.h"

#include "harness/core/error.h"

namespace segbench::schedules {

core::ParamSpec unit_param() {
  return {.name = "unit",
          .types = core::kString,
          .default_value = "epochs",
          .help = "what lengths are counted in; steps are updates of the weights",
          .choices = {"epochs", "steps"}};
}

core::ParamSpec length_param(const std::string& name, std::optional<double> value, const std::string& help) {
  return {.name = name,
          .types = core::kNumber,
          .default_value = value ? std::optional<core::Json>(*value) : std::nullopt,
          .help = help,
          .minimum = 0.0,
          .exclusive_minimum = true};
}

core::ParamSpec factor_param(double value, const std::string& help) {
  return {.name = "factor",
          .types = core::kNumber,
          .default_value = value,
          .help = help,
          .minimum = 0.0,
          .maximum = 1.0,
          .exclusive_minimum = true,
          .exclusive_maximum = true};
}

double length_in_steps(const core::Json& params, const std::string& name, const ScheduleOptions& options) {
  const double length = params.at(name);
  if (params.at("unit") == "steps") return length;
  SEGBENCH_CHECK(options.steps_per_epoch > 0, "an epoch of {} steps", options.steps_per_epoch);
  return length * static_cast<double>(options.steps_per_epoch);
}

}  // namespace segbench::schedules
