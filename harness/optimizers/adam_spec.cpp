// SPDX-License-Identifier: MIT
#include "harness/optimizers/common_spec.h"

namespace segbench::optimizers {
namespace {

const core::PartRegistration registered{
    {.kind = core::PartKind::kOptimizer,
     .name = "adam",
     .summary = "adaptive steps from running averages of the gradient and its square",
     .source = "Kingma and Ba, ICLR 2015; Keras optimizers/adam.py; torch.optim.Adam",
     .params = optimizer_params(0.001, moment_params()),
     .traits = {{"state_per_parameter", {{"always", 2}}}}}};

}  // namespace
}  // namespace segbench::optimizers
