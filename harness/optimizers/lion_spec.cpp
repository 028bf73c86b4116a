// SPDX-License-Identifier: MIT
#include "harness/optimizers/common_spec.h"

namespace segbench::optimizers {
namespace {

const core::PartRegistration registered{
    {.kind = core::PartKind::kOptimizer,
     .name = "lion",
     .summary = "steps of one size, in the sign of an average of gradients",
     .source = "Chen et al., NeurIPS 2023; Keras optimizers/lion.py. Both conventions are the same",
     .params = optimizer_params(
         0.0001, {beta_param("beta1", 0.9, "decay rate of the average whose sign is taken"),
                  beta_param("beta2", 0.99, "decay rate of the average that is kept"),
                  {.name = "weight_decay",
                   .types = core::kNumber,
                   .default_value = 0.0,
                   .help = "share of every weight that a step takes away, times the learning rate",
                   .minimum = 0.0}}),
     .traits = {{"state_per_parameter", {{"always", 1}}}}}};

}  // namespace
}  // namespace segbench::optimizers
