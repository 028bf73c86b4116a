// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "harness/core/part.h"
#include "harness/schedules/schedule.h"

// Schedules that count say in which unit: steps (updates) or epochs.

namespace segbench::schedules {

/// The parameter "unit", which the lengths of a schedule are given in.
core::ParamSpec unit_param();
/// A length in that unit: a number above 0. Required when `value` is empty.
core::ParamSpec length_param(const std::string& name, std::optional<double> value, const std::string& help);
/// The factor of a learning rate, above 0 and below 1.
core::ParamSpec factor_param(double value, const std::string& help);

/// A length in steps, from the parameters `name` and "unit": what `step` is divided by or compared with.
double length_in_steps(const core::Json& params, const std::string& name, const ScheduleOptions& options);

}  // namespace segbench::schedules
