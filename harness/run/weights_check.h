// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/run/estimate.h"
#include "harness/study/study.h"

namespace segbench::run {

/// Reads every file of pretrained weights that a study names and holds it against the networks that it is
/// for, and looks whether freezing leaves something to train. Throws core::UserError with all that does not
/// fit, before anything is trained. Returns one line a file and network: what is loaded and what is not.
/// Variants whose data cannot be measured are left to the data audit.
std::vector<std::string> check_weights(const study::Study& study);

}  // namespace segbench::run
