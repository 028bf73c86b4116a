// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/part.h"

namespace segbench::losses {

// Traits of a loss, which conformance tests go by:
//   "head": "softmax" (an output a class) or "sigmoid" (one output, for two classes);
//   "over": what it is a mean of or a sum over, "pixels", "images" or "batch" (loss.h), or a
//   sum of "terms";
//   "fused": whether the CPU has a pass of its own for it, beside tensor operations;

/// "class_weights", which every loss takes that knows several classes. `help` says what they weigh.
core::ParamSpec class_weights_param(const std::string& help);
/// "head", of a loss that is defined for both.
core::ParamSpec head_param();
/// The trait "head" of a loss with the parameter "head".
core::Json head_trait(const core::Json& params);

/// The parameters "class_weights" and "weight_normalisation" that every loss of single pixels takes.
std::vector<core::ParamSpec> weighting_params();
/// Those and "head": of a loss of single pixels that is defined on probabilities.
std::vector<core::ParamSpec> probability_params();

/// What is wrong with an explicit list of class weights: its length, or that it holds nothing but zeros.
std::vector<core::PartProblem> check_class_weights(const core::Json& params, const core::Json& variant);

/// Data of more than two classes, for a loss that has a sigmoid head.
std::vector<core::PartProblem> check_two_classes(const core::Json& params, const core::Json& variant);

/// A head of one output for data of more than two classes, and check_class_weights().
std::vector<core::PartProblem> check_head_and_weights(const core::Json& params, const core::Json& variant);

/// A mean over pixels of a function of their probabilities that has no parameters of its own, for both heads.
core::PartSpec probability_loss(std::string name, std::string summary, std::string source);

/// Number of classes of the data of a resolved variant, where its data set kind fixes or its parameters name
/// it.
std::optional<std::int64_t> known_num_classes(const core::Json& variant);

}  // namespace segbench::losses
