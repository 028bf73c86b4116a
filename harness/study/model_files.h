// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "harness/core/part.h"
#include "harness/core/variant.h"
#include "harness/study/fields.h"
#include "harness/study/node.h"
#include "harness/study/problems.h"

// The settings of [model] that name a file (model.weights, model.file), and what is frozen of what they load.

namespace segbench::study {

/// The value of model.freeze that freezes nothing.
inline constexpr const char* kFreezeNothing = "none";

/// Whether a dotted path is that of a setting whose value is a file.
bool is_model_file(std::string_view path);

/// Makes the value an absolute path, as resolve_path() does for data.root. A bare name of weights that is no
/// file beside the experiment file is looked for among the downloaded ones (weights::weights_folder()), by
/// its file name or the name that `segbench data fetch-weights` knows. "" stays "".
void resolve_model_file(Node& value, std::string_view path, ProblemList& problems);

/// Reads `weights` and `freeze` of [model]. The file is read for its SHA-256; one that is absent, or whose
/// name carries other digits than the SHA-256 begins with, is reported.
void read_weights(const Node& model, core::ModelConfig& config, ProblemList& problems);

/// Whether an architecture is read from model.file (its trait "needs_file").
bool is_read_from_file(const core::PartSpec& architecture);
/// Reads `file` of [model], which must be there when the demand is complete.
void read_model_file(const Node& model, Demand demand, core::ModelConfig& config, ProblemList& problems);

}  // namespace segbench::study
