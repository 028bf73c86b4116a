// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/core/part.h"

namespace segbench::losses {

/// The parameters "class_weights" and "weight_normalisation" that every loss of single pixels takes.
std::vector<core::ParamSpec> weighting_params();

/// What is wrong with an explicit list of class weights: its length, or that it holds nothing but zeros.
std::vector<core::PartProblem> check_class_weights(const core::Json& params, const core::Json& variant);

/// Number of classes of the data of a resolved variant, where its data set kind fixes or its parameters name
/// it.
std::optional<std::int64_t> known_num_classes(const core::Json& variant);

}  // namespace segbench::losses
