// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "harness/core/part.h"
#include "harness/core/variant.h"
#include "harness/study/fields.h"
#include "harness/study/node.h"
#include "harness/study/problems.h"

// The settings of [model] that name a file (model.weights, model.file), and what is frozen of what they load.

namespace segbench::study {

/// Whether a dotted path is that of a setting whose value is a file.
bool is_file_setting(std::string_view path);

/// Makes the value an absolute path, as resolve_path() does for data.root. A bare name of weights that is no
/// file beside the experiment file is looked for among the downloaded ones (weights::weights_folder()), by
/// its file name or the name that `segbench data fetch-weights` knows. "" stays "".
void resolve_file(Node& value, std::string_view path, ProblemList& problems);

/// The file that a setting names, by its absolute path and its SHA-256; empty after reporting one that is
/// absent or cannot be read.
std::optional<core::FileChoice> read_file(const Node& node, std::string_view key, ProblemList& problems);

/// Reports a list of patterns that freezes nothing.
void check_freeze(const Node& model, const core::Json& values, ProblemList& problems);

/// Reports weights whose name carries other digits than their SHA-256 begins with.
void check_weights(const Node& model, const core::ModelConfig& config, ProblemList& problems);

/// Whether an architecture is read from model.file (its trait "needs_file").
bool is_read_from_file(const core::PartSpec& architecture);
/// Reports a file that is missing although the demand is complete, or that holds no network.
void check_model_file(const Node& model, Demand demand, const core::ModelConfig& config,
                      ProblemList& problems);

}  // namespace segbench::study
