// SPDX-License-Identifier: MIT
#include "harness/optimizers/common_spec.h"

namespace segbench::optimizers {
namespace {

const core::PartRegistration registered{
    {.kind = core::PartKind::kOptimizer,
     .name = "adamax",
     .summary = "Adam with the running maximum of the gradient's size in place of its square",
     .source = "Kingma and Ba, ICLR 2015, section 7.1; Keras optimizers/adamax.py; torch.optim.Adamax",
     .params = optimizer_params(0.001, moment_params())}};

}  // namespace
}  // namespace segbench::optimizers
