// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "architectures/encoders/encoder.h"

// What the mobile networks are made of, with the names that torchvision gives the parts.

namespace segbench::architectures {

/// Convolution without bias, batch normalisation and activation: "0", "1" and "2" below `at`.
Value conv_norm_activation(const Layers& at, Value x, Conv2d conv, const BatchNorm& norm,
                           std::optional<Function> activation);

/// The convolution of each channel alone: `conv` with as many filters and groups as x has channels.
Value depthwise_norm_activation(const Layers& at, Value x, Conv2d conv, const BatchNorm& norm,
                                Function activation);

/// x, each channel times a factor in [0, 1] that two 1x1 convolutions "fc1" and "fc2" make of the means of
/// all (Hu, Shen, Sun, "Squeeze-and-Excitation Networks", CVPR 2018). `squeezed` is the channels between
/// them.
Value squeeze_excitation(const Layers& at, Value x, std::int64_t squeezed, Function between, Function factor);

}  // namespace segbench::architectures
