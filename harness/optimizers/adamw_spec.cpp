// SPDX-License-Identifier: MIT
#include "harness/optimizers/common_spec.h"

namespace segbench::optimizers {
namespace {

std::vector<core::ParamSpec> params() {
  std::vector<core::ParamSpec> own = moment_params();
  own.push_back(by_convention(
      "weight_decay", 0.004, 0.01,
      "share of every weight that a step takes away, times the learning rate, beside what Adam does"));
  return optimizer_params(0.001, std::move(own));
}

const core::PartRegistration registered{
    {.kind = core::PartKind::kOptimizer,
     .name = "adamw",
     .summary = "Adam with decoupled weight decay",
     .source = "Loshchilov and Hutter, ICLR 2019; Keras optimizers/adamw.py; torch.optim.AdamW",
     .params = params(),
     .traits = {{"state_per_parameter", {{"always", 2}}}}}};

}  // namespace
}  // namespace segbench::optimizers
