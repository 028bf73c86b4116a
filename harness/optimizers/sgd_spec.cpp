// SPDX-License-Identifier: MIT
#include "harness/optimizers/common_spec.h"

namespace segbench::optimizers {
namespace {

std::vector<core::PartProblem> check(const core::Json& variant) {
  const core::Json& sgd = variant.at("training").at("optimizer");
  if (!sgd.value("nesterov", false) || sgd.value("momentum", 0.0) > 0) return {};
  return {
      {"training.optimizer.nesterov", "found true with momentum 0; allowed: true only with momentum > 0"}};
}

const core::PartRegistration registered{
    {.kind = core::PartKind::kOptimizer,
     .name = "sgd",
     .summary = "stochastic gradient descent, with (Nesterov) momentum when asked for",
     .source = "Keras optimizers/sgd.py; torch.optim.SGD; Sutskever et al., ICML 2013",
     .params = optimizer_params(0.01, {{.name = "momentum",
                                        .types = core::kNumber,
                                        .default_value = 0.0,
                                        .help = "share of the last step that is taken again",
                                        .minimum = 0.0,
                                        .maximum = 1.0,
                                        .exclusive_maximum = true},
                                       {.name = "nesterov",
                                        .types = core::kBool,
                                        .default_value = false,
                                        .help = "looks ahead along the momentum",
                                        .minimum = std::nullopt,
                                        .maximum = std::nullopt}}),
     .check = check}};

}  // namespace
}  // namespace segbench::optimizers
