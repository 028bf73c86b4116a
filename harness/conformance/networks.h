// SPDX-License-Identifier: MIT
#pragma once

#include <torch/torch.h>

#include <string>
#include <vector>

#include "architectures/torch/network.h"

namespace segbench::conformance {

/// A network of three channels and five outputs for images of 64 x 64, an eighth as wide as it is (those of
/// the size "published": a 32nd).
architectures::NetworkOptions narrow(const std::string& architecture, const std::string& size,
                                     const core::Json& params);

/// Every size of every registered architecture, those with an encoder of their own on another one too, and
/// every encoder below torchvision's FCN, at output stride 32 and dilated; narrow enough to be quick. Those
/// that are read from a file are left out.
std::vector<architectures::NetworkOptions> every_network();

/// [n, in_channels, H, W] float32 with values like normalised photographs', always the same ones.
torch::Tensor images(std::int64_t n, const architectures::NetworkOptions& options);

/// A number that depends on every logit differently, to differentiate.
torch::Tensor scalar_of(const torch::Tensor& logits);

/// "unet_small", "fcn_torchvision_full_resnet18_32".
std::string name_of(const architectures::NetworkOptions& options);

}  // namespace segbench::conformance
