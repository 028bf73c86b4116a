// SPDX-License-Identifier: MIT
#include "harness/optimizers/adam.h"

// Adam whose weight decay is no part of the gradient: adam.h.

namespace segbench::optimizers {
namespace {

const OptimizerFactory::Registration adamw_registered{
    "adamw", [](const core::Json& params, const NamedTensors& parameters) {
      return std::make_unique<Adam>(params, parameters, params.at("weight_decay"));
    }};

}  // namespace
}  // namespace segbench::optimizers
