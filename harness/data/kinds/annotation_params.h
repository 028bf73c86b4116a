// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "harness/core/part.h"

// The parameters of kinds whose labels are drawn from outlines of objects.

namespace segbench::data {

std::vector<core::ParamSpec> annotation_params();
std::vector<core::PartProblem> check_annotation_params(const core::Json& params, const core::Json& variant);

}  // namespace segbench::data
