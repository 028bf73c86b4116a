// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "harness/core/param_specs.h"
#include "harness/core/variant_fields.h"
#include "harness/core/variant_values.h"

// The settings of variant_fields(), one file a table of the experiment file, and what these files share.

namespace segbench::core {

using VariantField = Field<VariantConfig>;

std::vector<VariantField> data_fields();
std::vector<VariantField> model_fields();
/// [training]: what is trained for how long; what an update is; how many processes share it; when it ends.
std::vector<VariantField> training_fields();
std::vector<VariantField> update_fields();
std::vector<VariantField> process_fields();
std::vector<VariantField> stopping_fields();
/// [evaluation]: how probabilities come about and decide, and what is measured besides.
std::vector<VariantField> inference_fields();
std::vector<VariantField> evaluation_fields();

inline constexpr double kMostEpochs = 1'000'000;
inline constexpr double kMostPixels = 65'536;  ///< of an image's side

inline VariantField sparse(VariantField field) {
  field.sparse = true;
  return field;
}

inline VariantField speaking(VariantField field) {
  field.speaks = true;
  return field;
}

template <typename Value>
VariantField training(Value TrainingConfig::*member, ParamSpec spec) {
  return field("training", &VariantConfig::training, member, std::move(spec));
}

}  // namespace segbench::core
