// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include "architectures/torch/network.h"

namespace segbench::conformance {

/// [n, in_channels, H, W] float32 with values like normalised photographs', always the same ones.
torch::Tensor images(std::int64_t n, const architectures::NetworkOptions& options);

/// A number that depends on every logit differently, to differentiate.
torch::Tensor scalar_of(const torch::Tensor& logits);

}  // namespace segbench::conformance
