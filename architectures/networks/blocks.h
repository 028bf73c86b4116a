// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "architectures/encoders/encoder.h"
#include "architectures/graph/graph.h"
#include "architectures/networks/architecture.h"

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

/// A convolution without bias, He normal: what stands before a batch normalisation.
Conv2d bare_conv(std::int64_t filters, int kernel = 3, int dilation = 1);

/// conv_bn_relu twice, 3x3: below `at` as `conv1` and `conv2`.
Value double_conv(const Build& build, const Layers& at, Value x, std::int64_t filters);

/// Depthwise separable convolution (Chollet, "Xception", CVPR 2017): 3x3 on each channel alone, then 1x1 over
/// them, batch normalisation, ReLU: `depthwise`, `pointwise`, `bn`, `relu` below `at`.
Value separable_conv_bn_relu(const Build& build, const Layers& at, Value x, std::int64_t filters,
                             int dilation = 1);

/// The pyramid of Zhao et al. 2017 (figure 3c): x and its averages over 1, 2, 3 and 6 bins along each axis,
/// each with `filters` channels, brought back to x's size, all joined: `pyramid1` … and `concat` below `at`.
Value pyramid_pooling(const Build& build, const Layers& at, Value x, std::int64_t filters);

/// x in the size of `like`, or doubled where there is no such map.
Value upsample_to(const Layers& at, Value x, Value like, Resize mode);

/// x in the size of `like`, joined with the `skips` that exist: `up`, `concat` below `at`.
Value join(const Layers& at, Value x, Value like, const std::vector<Value>& skips);

/// Channels of the five stages, from 1/16 to full resolution, of a U-Net's decoder on an encoder: full has
/// segmentation_models.pytorch's 256, 128, 64, 32, 16; medium 128, 96, 64, 32, 16; small 64, 64, 32, 32, 16.
std::vector<std::int64_t> decoder_channels(const Build& build);

/// One stage of a decoder: what it makes of its joined input, with so many channels.
using DecoderStage = std::function<Value(const Layers& at, Value x, std::int64_t filters)>;

/// A U-Net on the encoder that the parameters choose: `stage` after each join with the encoder's maps, from
/// coarse to fine, and once more at full resolution: `decoder1` … `decoder5`.
Value unet_on_encoder(const Build& build, Value image, const DecoderStage& stage);

}  // namespace segbench::architectures
