// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "architectures/architecture.h"
#include "architectures/graph.h"

// Groups of layers that several networks share. The order of the calls is the order of the rows in a layer
// table.

namespace segbench::architectures {

/// Convolution with its ReLU, one layer: `name`.
Value conv_relu(const Layers& at, std::string_view name, Value x, const Conv2d& conv);

/// Convolution without bias or with it, batch normalisation, ReLU: `conv`, `bn`, `relu` below `at`.
Value conv_bn_relu(const Build& build, const Layers& at, Value x, const Conv2d& conv);

/// Full pre-activation (He et al. 2016, "Identity mappings in deep residual networks", figure 4e): batch
/// normalisation, ReLU, convolution, and dropout when `dropout_rate` > 0: `bn`, `relu`, `conv`, `dropout`
/// below `at`.
Value preactivated_conv(const Build& build, const Layers& at, Value x, const Conv2d& conv,
                        double dropout_rate);

/// The basic residual block of He et al. 2016, "Deep residual learning for image recognition", figure 5 left:
/// two 3x3 convolutions with batch normalisation, the shortcut added before the last ReLU. The shortcut is a
/// 1x1 convolution with batch normalisation where stride or channels change, else the input itself.
Value basic_residual_block(const Build& build, const Layers& at, Value x, std::int64_t filters, int stride,
                           int dilation);

}  // namespace segbench::architectures
