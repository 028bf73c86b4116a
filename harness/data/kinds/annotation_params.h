// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/core/part.h"

// The parameters of kinds whose labels are drawn from outlines of objects.

namespace segbench::data {

std::vector<core::ParamSpec> annotation_params();
/// All that they have in common, with these lines about where their files lie.
core::Json annotation_traits(std::vector<std::string> layout);
std::vector<core::PartProblem> check_annotation_params(const core::Json& params, const core::Json& variant);

}  // namespace segbench::data
