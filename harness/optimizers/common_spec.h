// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/core/part.h"

// Every optimizer has the trait "state_per_parameter", from which `segbench plan` takes the memory it needs:
// how many numbers it keeps for each parameter of the network, "always" or while the parameter of that name
// is > 0, or true.

namespace segbench::optimizers {

/// The parameters "learning_rate", "decay" and "convention" that every optimizer takes, then `own`.
std::vector<core::ParamSpec> optimizer_params(double learning_rate, std::vector<core::ParamSpec> own);

/// "beta1", "beta2" and "epsilon" of Adam and its kin.
std::vector<core::ParamSpec> moment_params();

/// The decay rate of an average, from 0 to below 1.
core::ParamSpec beta_param(const std::string& name, double value, const std::string& help);
/// A number of at least 0 whose default depends on the convention. Null: not settled yet.
core::ParamSpec by_convention(const std::string& name, double keras, double torch, const std::string& help);
/// "epsilon", with its defaults.
core::ParamSpec epsilon_param(double keras, double torch);

}  // namespace segbench::optimizers
