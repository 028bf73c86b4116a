// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/core/part.h"

namespace segbench::study {

// The keys of an experiment file that do not depend on the parts it names. docs/experiment-file.md tells all
// of them.

/// Of the whole file.
const std::vector<std::string>& file_keys();
/// [data], [data.splits], [model], [training], [trials], [run]. The parameters of the kind of data and of the
/// architecture stand beside these keys; loss, optimizer and augment are parts.
const std::vector<core::ParamSpec>& data_settings();
const std::vector<core::ParamSpec>& split_settings();
const std::vector<core::ParamSpec>& model_settings();
const std::vector<core::ParamSpec>& training_settings();
const std::vector<core::ParamSpec>& trials_settings();
const std::vector<core::ParamSpec>& run_settings();
/// [[claim]] and [[published]] without their selectors `candidate`, `reference` and `variant`.
const std::vector<core::ParamSpec>& claim_settings();
const std::vector<core::ParamSpec>& published_settings();

}  // namespace segbench::study
