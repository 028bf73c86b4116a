// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "results/conclusions/conclusions.h"
#include "results/conclusions/summarise.h"

namespace segbench::conclusions {

/// A string of a claim or a published number; "" where it is null or absent.
std::string text_of(const core::Json& json, const char* key);

/// What each used trial of a variant says of a measure, or of the IoU of a class.
std::vector<TrialValue> values_of(const Conclusions& model, const Entry& entry, const std::string& metric,
                                  const std::string& class_name = "");

/// What each used trial of a variant scores on the report's split by a named convention
/// (metrics::conventions()), from its stored counts and what was measured of its probabilities.
std::vector<TrialValue> values_by_convention(const StudyInputs& inputs, const Conclusions& model,
                                             const Entry& entry, const std::string& convention);

}  // namespace segbench::conclusions
