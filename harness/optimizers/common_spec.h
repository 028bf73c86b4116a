// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/core/part.h"

// Every optimizer has the trait "state_per_parameter", from which `segbench plan` takes the memory it needs:
// how many numbers it keeps for each parameter of the network, "always" or while the parameter of that name
// is > 0.

namespace segbench::optimizers {

/// The parameters "learning_rate", "decay" and "convention" that every optimizer takes, then `own`.
std::vector<core::ParamSpec> optimizer_params(double learning_rate, std::vector<core::ParamSpec> own);

/// "beta1", "beta2" and "epsilon" of Adam and its kin.
std::vector<core::ParamSpec> moment_params();

}  // namespace segbench::optimizers
