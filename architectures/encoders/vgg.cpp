// SPDX-License-Identifier: MIT
#include <array>
#include <string>

#include "architectures/encoders/descent.h"
#include "architectures/encoders/encoder.h"

// VGG-16 (Simonyan & Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", ICLR
// 2015, table 1, column D) as torchvision builds it: the list "features", numbered through. Its maps are what
// the blocks 2, 3, 4 and 5 give before they are pooled, at 1/2 to 1/16, and the last pooling, at 1/32; `full`
// is block 1's. Where dilation replaces stride, a pooling takes 3x3 windows at stride 1, as in DeepLab's VGG
// (Chen et al., ICLR 2015).

namespace segbench::architectures::vgg {
namespace {

struct Block {
  int convolutions, filters;
};
constexpr std::array<Block, 5> kBlocks = {{{2, 64}, {2, 128}, {3, 256}, {3, 512}, {3, 512}}};

Features build_vgg(const EncoderBuild& build, Value x, bool batch_norm) {
  const Layers at = build.net.in("features");
  int index = 0;
  const auto next = [&index] { return std::to_string(index++); };
  Descent descent{.output_stride = build.output_stride};
  Features features;
  for (const Block& block : kBlocks) {
    for (int i = 0; i < block.convolutions; ++i) {
      x = at.conv2d(next(), x,
                    {.filters = build.channels(block.filters),
                     .dilation = descent.dilation,
                     .padding = Padding::kTorch,
                     .init = Init::kHeNormalFanOut});
      if (batch_norm) x = at.batch_norm(next(), x, {.momentum = 0.9, .epsilon = 1e-5});
      x = at.relu(next(), x);
    }
    if (descent.stride == 1) {
      features.full = x;
    } else {
      features.maps.push_back(x);
    }
    const bool halves = descent.step(2) == 2;
    x = at.max_pool(next(), x,
                    halves ? MaxPool{} : MaxPool{.kernel = 3, .stride = 1, .padding = Padding::kTorch});
  }
  features.maps.push_back(x);
  return features;
}

Encoder vgg(std::string name, std::string summary, bool batch_norm) {
  return {
      .name = std::move(name),
      .summary = std::move(summary),
      .source =
          "Simonyan, Zisserman: Very Deep Convolutional Networks for Large-Scale Image Recognition, ICLR "
          "2015, https://arxiv.org/abs/1409.1556",
      .build = [batch_norm](const EncoderBuild& build, Value x) { return build_vgg(build, x, batch_norm); }};
}

const EncoderRegistration vgg16{vgg("vgg16", "thirteen 3x3 convolutions in five blocks", false)};
const EncoderRegistration vgg16_bn{
    vgg("vgg16_bn", "thirteen 3x3 convolutions in five blocks, each with batch normalisation", true)};

}  // namespace
}  // namespace segbench::architectures::vgg
