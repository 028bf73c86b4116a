// SPDX-License-Identifier: MIT
#pragma once

#include "harness/core/json.h"

namespace segbench::train {

/// `segbench-worker probe`: tries a network that is read from a file before any trial starts. `request` is
/// {"variant": a resolved variant, "height", "width", "classes", "train": samples}. Returns {"parameters",
/// "trainable_parameters"}. Throws core::UserError that names the file and what is wrong with it.
core::Json run_probe(const core::Json& request);

}  // namespace segbench::train
