// SPDX-License-Identifier: MIT
#include "harness/optimizers/common_spec.h"

namespace segbench::optimizers {
namespace {

const core::PartRegistration registered{
    {.kind = core::PartKind::kOptimizer,
     .name = "adamax",
     .summary = "Adam with an infinity norm instead of the second moment",
     .source = "Kingma and Ba, ICLR 2015, section 7.1; Keras optimizers/adamax.py; torch.optim.Adamax",
     .params = optimizer_params(0.001, moment_params()),
     .traits = {{"state_per_parameter", {{"always", 2}}}}}};

}  // namespace
}  // namespace segbench::optimizers
