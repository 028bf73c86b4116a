// SPDX-License-Identifier: MIT
#include "harness/optimizers/common_spec.h"

namespace segbench::optimizers {
namespace {

std::vector<core::ParamSpec> params() {
  core::ParamSpec rho = by_convention("rho", 0.9, 0.99, "decay rate of the mean square (PyTorch: alpha)");
  rho.maximum = 1.0;
  rho.exclusive_maximum = true;
  return optimizer_params(
      0.001, {std::move(rho),
              {.name = "momentum",
               .types = core::kNumber,
               .default_value = 0.0,
               .help = "momentum coefficient",
               .minimum = 0.0,
               .maximum = 1.0,
               .exclusive_maximum = true},
              {.name = "centered",
               .types = core::kBool,
               .default_value = false,
               .help = "divide by an estimate of the gradient's standard deviation, not of its size"},
              epsilon_param(1e-7, 1e-8)});
}

const core::PartRegistration registered{
    {.kind = core::PartKind::kOptimizer,
     .name = "rmsprop",
     .summary = "steps divided by a running average of the gradient's size",
     .source = "Tieleman and Hinton, 2012; Graves 2013 (centered, momentum); Keras optimizers/rmsprop.py "
               "(version 2.11 and later); torch.optim.RMSprop",
     .params = params(),
     .traits = {{"state_per_parameter", {{"always", 1}, {"centered", 1}, {"momentum", 1}}}}}};

}  // namespace
}  // namespace segbench::optimizers
