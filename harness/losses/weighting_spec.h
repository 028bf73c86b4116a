// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/part.h"

namespace segbench::losses {

// Traits of a loss, which conformance tests go by:
//   "head": "softmax" (an output a class), "sigmoid" (one output, for two classes) or "sigmoid_per_class" (an
//   output a class, each against all others);
//   "over": what it is a mean of or a sum over, "pixels", "images" or "batch" (loss.h), or a
//   sum of "terms";
//   "sums": false where the loss of a batch is no function of sums over images; absent: true;
//   "fused": whether the CPU has a pass of its own for all of it, beside tensor operations, so that nothing
//   depends on the number of threads;

/// "class_weights", which every loss takes that knows several classes. `help` says what they weigh.
core::ParamSpec class_weights_param(const std::string& help);
/// "label_smoothing", from 0 to below 1.
core::ParamSpec label_smoothing_param(const std::string& help);
/// "head", of a loss that is defined for both.
core::ParamSpec head_param();
/// The trait "head" of a loss with the parameter "head".
core::Json head_trait(const core::Json& params);

/// A mean over pixels (pixel_loss.h), described: its parameters are "class_weights", "weight_normalisation",
/// "boundary_weight", "boundary_sigma", "hardest", "head" (where it is not always the one that is named), and
/// `own`. The CPU has a pass for it unless pixels are looked at together.
core::PartSpec pixel_loss_spec(std::string name, std::string summary, std::string source,
                               std::vector<core::ParamSpec> own = {},
                               const std::optional<std::string>& only_head = std::nullopt);

/// What is wrong with an explicit list of class weights: its length, or that it holds nothing but zeros.
std::vector<core::PartProblem> check_class_weights(const core::Json& params, const core::Json& variant);

/// Data of more than two classes, for a loss that has a sigmoid head.
std::vector<core::PartProblem> check_two_classes(const core::Json& params, const core::Json& variant);

/// A head of one output for data of more than two classes, and check_class_weights().
std::vector<core::PartProblem> check_head_and_weights(const core::Json& params, const core::Json& variant);

/// Number of classes of the data of a resolved variant, where its data set kind fixes or its parameters name
/// it.
std::optional<std::int64_t> known_num_classes(const core::Json& variant);

}  // namespace segbench::losses
