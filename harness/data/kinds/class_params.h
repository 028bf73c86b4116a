// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/core/part.h"

// The parameters of kinds whose classes the user names.

namespace segbench::data {

core::ParamSpec classes_param();
core::ParamSpec background_param();
/// `use` says what the colours are for.
core::ParamSpec class_colours_param(const std::string& use);

/// What is wrong with classes, background, class_colours and void_colours.
void check_class_params(const core::Json& params, std::vector<core::PartProblem>& problems);
/// The list must have as many entries as there are classes.
void check_length(const core::Json& params, const std::string& name,
                  std::vector<core::PartProblem>& problems);

}  // namespace segbench::data
