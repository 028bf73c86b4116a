// SPDX-License-Identifier: MIT
#include "harness/optimizers/common_spec.h"

namespace segbench::optimizers {
namespace {

const core::PartRegistration registered{
    {.kind = core::PartKind::kOptimizer,
     .name = "adagrad",
     .summary = "steps divided by the size of all gradients so far; PyTorch's lr_decay is `decay`",
     .source = "Duchi, Hazan and Singer, JMLR 2011; Keras optimizers/adagrad.py (version 2.11 and later); "
               "torch.optim.Adagrad",
     .params = optimizer_params(
         0.001, {by_convention("initial_accumulator", 0.1, 0.0, "what the sum of squares begins with"),
                 epsilon_param(1e-7, 1e-10)}),
     .traits = {{"state_per_parameter", {{"always", 1}}}}}};

}  // namespace
}  // namespace segbench::optimizers
