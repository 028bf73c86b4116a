// SPDX-License-Identifier: MIT
#include <array>
#include <string>

#include "architectures/encoders/descent.h"
#include "architectures/encoders/encoder.h"

// ResNets (He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition", CVPR 2016, table 1) and
// ResNeXts (Xie et al., CVPR 2017, table 1) as torchvision builds them: the stride of a bottleneck stands at
// its 3x3 convolution, the shortcut is a 1x1 convolution with batch normalisation where the shape changes. A
// dilated stage keeps its stride's place: its first block has the dilation of the stage before.

namespace segbench::architectures::resnet {
namespace {

constexpr BatchNorm kNorm{.momentum = 0.9, .epsilon = 1e-5};

struct Config {
  std::array<int, 4> blocks;  ///< of each stage
  bool bottleneck = false;
  int groups = 1, width_per_group = 64;  ///< of a bottleneck's 3x3 convolution at the first stage
};

/// A block's place, its channels, and its first stride.
struct Block {
  Layers at;
  std::int64_t filters;  ///< at the end
  int stride = 1, dilation = 1;
};

Value conv_bn(const Layers& at, const std::string& conv, const std::string& norm, Value x, Conv2d op) {
  op.padding = Padding::kTorch;
  op.bias = false;
  op.init = Init::kHeNormalFanOut;
  return at.batch_norm(norm, at.conv2d(conv, x, op), kNorm);
}

/// relu(residual + x), x brought to the residual's shape.
Value add_shortcut(const Block& block, Value residual, Value x) {
  const Layers& at = block.at;
  if (block.stride != 1 || at.shape(x).channels != block.filters) {
    x = conv_bn(at.in("downsample"), "0", "1", x,
                {.filters = block.filters, .kernel = 1, .stride = block.stride});
  }
  return at.relu("relu", at.add("add", residual, x));
}

Value basic_block(const Block& block, Value x) {
  const Layers& at = block.at;
  Value y = conv_bn(at, "conv1", "bn1", x,
                    {.filters = block.filters, .stride = block.stride, .dilation = block.dilation});
  y = conv_bn(at, "conv2", "bn2", at.relu("relu1", y),
              {.filters = block.filters, .dilation = block.dilation});
  return add_shortcut(block, y, x);
}

Value bottleneck(const Block& block, Value x, std::int64_t inner, int groups) {
  const Layers& at = block.at;
  Value y = conv_bn(at, "conv1", "bn1", x, {.filters = inner, .kernel = 1});
  y = conv_bn(at, "conv2", "bn2", at.relu("relu1", y),
              {.filters = inner, .stride = block.stride, .dilation = block.dilation, .groups = groups});
  y = conv_bn(at, "conv3", "bn3", at.relu("relu2", y), {.filters = block.filters, .kernel = 1});
  return add_shortcut(block, y, x);
}

Value stage(const EncoderBuild& build, const Config& config, int index, Value x, Descent& descent) {
  const int planes = 64 << index;
  const int dilation_before = descent.dilation;
  const int stride = descent.step(index == 0 ? 1 : 2);
  // A narrow ResNeXt keeps its groups, with at least one channel in each.
  const std::int64_t in_a_group = build.channels(planes * config.width_per_group / 64);
  for (int i = 0; i < config.blocks[static_cast<std::size_t>(index)]; ++i) {
    const Block block{.at = build.net.in("layer" + std::to_string(index + 1)).in(std::to_string(i)),
                      .filters = build.channels(planes * (config.bottleneck ? 4 : 1)),
                      .stride = i == 0 ? stride : 1,
                      .dilation = i == 0 ? dilation_before : descent.dilation};
    x = config.bottleneck ? bottleneck(block, x, config.groups * in_a_group, config.groups)
                          : basic_block(block, x);
  }
  return x;
}

Features build_resnet(const EncoderBuild& build, const Config& config, Value x) {
  const Layers& net = build.net;
  x = net.relu("relu",
               conv_bn(net, "conv1", "bn1", x, {.filters = build.channels(64), .kernel = 7, .stride = 2}));
  Features features{{x}};
  x = net.max_pool("maxpool", x, {.kernel = 3, .stride = 2, .padding = Padding::kTorch});
  Descent descent{.output_stride = build.output_stride, .stride = 4};
  for (int index = 0; index < 4; ++index) {
    x = stage(build, config, index, x, descent);
    features.maps.push_back(x);
  }
  return features;
}

constexpr const char* kResNet =
    "He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition, CVPR 2016, "
    "https://arxiv.org/abs/1512.03385";

Encoder resnet(std::string name, std::string summary, std::string source, const Config& config) {
  return {.name = std::move(name),
          .summary = std::move(summary),
          .source = std::move(source),
          .build = [config](const EncoderBuild& build, Value x) { return build_resnet(build, config, x); }};
}

const EncoderRegistration resnet18{resnet("resnet18",
                                          "residual network of 18 layers, two convolutions a block", kResNet,
                                          {.blocks = {2, 2, 2, 2}})};
const EncoderRegistration resnet34{resnet("resnet34",
                                          "residual network of 34 layers, two convolutions a block", kResNet,
                                          {.blocks = {3, 4, 6, 3}})};
const EncoderRegistration resnet50{resnet("resnet50", "residual network of 50 layers in bottleneck blocks",
                                          kResNet, {.blocks = {3, 4, 6, 3}, .bottleneck = true})};
const EncoderRegistration resnet101{resnet("resnet101", "residual network of 101 layers in bottleneck blocks",
                                           kResNet, {.blocks = {3, 4, 23, 3}, .bottleneck = true})};
const EncoderRegistration resnext50{resnet(
    "resnext50_32x4d", "ResNet-50 with grouped 3x3 convolutions (32 groups)",
    "Xie, Girshick, Dollár, Tu, He: Aggregated Residual Transformations for Deep Neural Networks, CVPR 2017, "
    "https://arxiv.org/abs/1611.05431",
    {.blocks = {3, 4, 6, 3}, .bottleneck = true, .groups = 32, .width_per_group = 4})};

}  // namespace
}  // namespace segbench::architectures::resnet
