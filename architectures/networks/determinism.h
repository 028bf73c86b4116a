// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "architectures/networks/network.h"

namespace segbench::architectures {

/// The operations of a network whose gradients CUDA adds up in whatever order its threads arrive, so that a
/// second training differs in the last bits: bilinear up-sampling, adaptive pooling to more than one value,
/// and unpooling (PyTorch, "Reproducibility"). Each once, in the order in which they come; empty: all repeat
/// to the bit.
std::vector<std::string> unordered_on_gpu(const NetworkOptions& options);

}  // namespace segbench::architectures
