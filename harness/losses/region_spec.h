// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/core/part.h"

namespace segbench::losses {

/// The parameters of a mean over classes (class_mean.h): "head", "class_weights", "classes" and
/// "include_background".
std::vector<core::ParamSpec> class_mean_params();
/// Contradictions among them, or with the data.
std::vector<core::PartProblem> check_class_mean(const core::Json& params, const core::Json& variant);

/// A loss of regions (region_loss.h), described: its parameters are "over", those of class_mean_params(),
/// "smooth", and `own`.
core::PartSpec region_spec(const std::string& name, const std::string& summary, const std::string& source,
                           std::vector<core::ParamSpec> own);

}  // namespace segbench::losses
