// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include "architectures/networks/architecture.h"
#include "architectures/networks/blocks.h"

// The U-Net of TensorFlow's image segmentation tutorial: MobileNetV2 (Sandler et al., CVPR 2018) as
// tf.keras.applications builds it, up to the last projection without its batch normalisation, and four
// up-sampling blocks of pix2pix (Isola et al., CVPR 2017), each joined by the expanded map of its size.
// Layers lie below "encoder." and "decoder." under Keras' names.

namespace segbench::architectures::mobilenetv2_unet_keras {
namespace {

constexpr BatchNorm kEncoderNorm{.momentum = 0.999, .epsilon = 1e-3};

/// A group of blocks: output channels, repetitions, stride of the first.
struct Row {
  int channels, blocks, stride;
};
constexpr Row kRows[] = {{24, 2, 2}, {32, 3, 2}, {64, 4, 2}, {96, 3, 1}, {160, 3, 2}, {320, 1, 1}};
constexpr int kExpansion = 6;
constexpr int kUpsampled[] = {512, 256, 128, 64};

/// An inverted residual under construction: its layers are named "block_3_…".
struct Block {
  Layers at;
  std::string name;

  Value norm_relu6(const std::string& part, Value x) const {
    x = at.batch_norm(name + part + "_BN", x, kEncoderNorm);
    return at.activation(name + part + "_relu", x, Function::kRelu6);
  }
  Value expand(Value x) const {
    const Conv2d conv{.filters = at.shape(x).channels * kExpansion, .kernel = 1, .bias = false};
    return norm_relu6("_expand", at.conv2d(name + "_expand", x, conv));
  }
  /// Strided, Keras pads by a layer of its own: for the even sizes here by one pixel on the right and bottom.
  Value depthwise(Value x, int stride) const {
    const std::int64_t channels = at.shape(x).channels;
    if (stride == 2) x = at.zero_pad_end(name + "_pad", x, 1);
    const Conv2d conv{.filters = channels,
                      .stride = stride,
                      .padding = stride == 2 ? Padding::kValid : Padding::kSame,
                      .bias = false,
                      .groups = channels};
    return norm_relu6("_depthwise", at.conv2d(name + "_depthwise", x, conv));
  }
  Value project(Value x, std::int64_t filters) const {
    return at.conv2d(name + "_project", x, {.filters = filters, .kernel = 1, .bias = false});
  }
  Value project_bn(Value x) const { return at.batch_norm(name + "_project_BN", x, kEncoderNorm); }
};

/// The coarsest map, and the expanded maps before each halving, from fine to coarse.
Value encoder(const Build& build, Value x, std::vector<Value>& skips) {
  const Layers at = build.net.in("encoder");
  x = at.conv2d("Conv1", x, {.filters = build.channels(32), .stride = 2, .bias = false});
  x = at.activation("Conv1_relu", at.batch_norm("bn_Conv1", x, kEncoderNorm), Function::kRelu6);
  const Block first{at, "expanded_conv"};
  x = first.project_bn(first.project(first.depthwise(x, 1), build.channels(16)));
  int index = 0;
  for (const Row& row : kRows) {
    for (int i = 0; i < row.blocks; ++i) {
      const Block block{at, "block_" + std::to_string(++index)};
      const int stride = i == 0 ? row.stride : 1;
      Value y = block.expand(x);
      if (stride == 2) skips.push_back(y);
      y = block.project(block.depthwise(y, stride), build.channels(row.channels));
      if (row.channels == 320) return y;
      y = block.project_bn(y);
      x = i > 0 ? at.add(block.name + "_add", x, y) : y;
    }
  }
  return x;
}

Value build_mobilenetv2_unet(const Build& build, Value x) {
  std::vector<Value> skips;
  x = encoder(build, x, skips);
  for (std::size_t stage = 0; stage < std::size(kUpsampled); ++stage) {
    const Layers at = build.net.in("decoder").in("upsample_" + std::to_string(stage));
    x = at.conv_transpose2d("conv2d_transpose", x,
                            {.filters = build.channels(kUpsampled[stage]),
                             .kernel = 3,
                             .stride = 2,
                             .bias = false,
                             .init = Init::kNormal002});
    x = at.relu("relu", at.batch_norm("batch_normalization", x, build.batch_norm()));
    x = at.concat("concatenate", {x, skips.back()});
    skips.pop_back();
  }
  return build.net.conv_transpose2d("head", x, {.filters = build.outputs(), .kernel = 3, .stride = 2});
}

const ArchitectureRegistration mobilenetv2_unet_keras{{
    .spec = {.kind = core::PartKind::kArchitecture,
             .name = "mobilenetv2_unet_keras",
             .summary =
                 "Keras' MobileNetV2 with pix2pix upsampling, as in TensorFlow's segmentation tutorial",
             .source =
                 "Sandler et al.: MobileNetV2, CVPR 2018, https://arxiv.org/abs/1801.04381; Isola et al.: "
                 "Image-to-Image Translation with Conditional Adversarial Networks, CVPR 2017, "
                 "https://arxiv.org/abs/1611.07004",
             .params = batch_norm_params()},
    .sizes = {{"full", 32}},
    .build = build_mobilenetv2_unet,
}};

}  // namespace
}  // namespace segbench::architectures::mobilenetv2_unet_keras
