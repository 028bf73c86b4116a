// SPDX-License-Identifier: MIT
#include "harness/optimizers/common_spec.h"

namespace segbench::optimizers {
namespace {

std::vector<core::PartProblem> check(const core::Json& sgd, const core::Json&) {
  if (!sgd.value("nesterov", false) || sgd.value("momentum", 0.0) > 0) return {};
  return {{".nesterov", "needs a momentum greater than 0"}};
}

const core::PartRegistration registered{
    {.kind = core::PartKind::kOptimizer,
     .name = "sgd",
     .summary = "stochastic gradient descent, optionally with (Nesterov) momentum",
     .source = "Keras optimizers/sgd.py; torch.optim.SGD; Sutskever et al., ICML 2013",
     .params = optimizer_params(0.01, {{.name = "momentum",
                                        .types = core::kNumber,
                                        .default_value = 0.0,
                                        .help = "momentum coefficient",
                                        .minimum = 0.0,
                                        .maximum = 1.0,
                                        .exclusive_maximum = true},
                                       {.name = "nesterov",
                                        .types = core::kBool,
                                        .default_value = false,
                                        .help = "use Nesterov momentum",
                                        .minimum = std::nullopt,
                                        .maximum = std::nullopt}}),
     .traits = {{"state_per_parameter", {{"momentum", 1}}}},
     .check = check}};

}  // namespace
}  // namespace segbench::optimizers
