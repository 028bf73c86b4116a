// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/core/part.h"

namespace segbench::optimizers {

/// The parameters "learning_rate", "decay" and "convention" that every optimizer takes, then `own`.
std::vector<core::ParamSpec> optimizer_params(double learning_rate, std::vector<core::ParamSpec> own);

/// "beta1", "beta2" and "epsilon" of Adam and its kin.
std::vector<core::ParamSpec> moment_params();

}  // namespace segbench::optimizers
