// SPDX-License-Identifier: MIT
#pragma once

#include "harness/core/json.h"
#include "harness/study/problems.h"

namespace segbench::study {

/// Checks what a [[claim]] says of the images that it is about; a file of ids becomes the list of what it
/// holds, so that a stored claim needs no file. Settings that are not given are taken out of `claim`.
void read_claim_images(const Node& table, core::Json& claim, ProblemList& problems);

}  // namespace segbench::study
