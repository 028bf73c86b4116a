// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "architectures/networks/network.h"

namespace segbench::architectures {

/// A network of three channels and five outputs for images of 64 x 64, an eighth as wide as it is (those of
/// the size "published": a 32nd).
NetworkOptions narrow(const std::string& architecture, const std::string& size, const core::Json& params);

/// Every size of every registered architecture, those with an encoder of their own on another one too, and
/// every encoder below torchvision's FCN, at output stride 32 and dilated; narrow enough to be quick. Those
/// that are read from a file are left out.
std::vector<NetworkOptions> every_network();

/// "unet_small", "fcn_torchvision_full_resnet18_32".
std::string name_of(const NetworkOptions& options);

}  // namespace segbench::architectures
