// SPDX-License-Identifier: MIT
#pragma once

#include <torch/script.h>

#include <optional>
#include <string>

#include "architectures/graph/ops.h"
#include "architectures/torch/engine.h"

namespace segbench::architectures {

/// A TorchScript module for inference alone.
struct FrozenModule {
  torch::jit::Module module;
  std::string note;  ///< Network::note()
};

/// Freezes a module that is in evaluation mode and on its device, and optimises it; frozen only, with a note,
/// where the optimised code does not give the frozen code's numbers for an image of waves of this shape
/// (LibTorch 1.13 on some networks).
FrozenModule freeze_module(const torch::jit::Module& module, const Shape& shape,
                           const EngineOptions& options);

/// The logits in what a module returns: a tensor, "out" or "logits" of a dict, or the first one of a tuple or
/// list; empty where there are none.
std::optional<torch::Tensor> logits_in(const c10::IValue& value);

}  // namespace segbench::architectures
