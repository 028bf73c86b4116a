// SPDX-License-Identifier: MIT
#include <map>
#include <string>
#include <vector>

#include "architectures/networks/architecture.h"
#include "architectures/networks/blocks.h"

// FCN (Long, Shelhamer, Darrell, CVPR 2015) in the form of the VOC course study: the first four blocks of
// VGG-16 (Simonyan & Zisserman, ICLR 2015, configuration D) without batch normalisation, its fully connected
// layers as convolutions, and one up-sampling by 16. Glorot uniform weights.

namespace segbench::architectures::fcn {
namespace {

struct Preset {
  std::vector<int> blocks;  ///< channels of the four VGG blocks
  int fully_connected;      ///< channels of fc1 and fc2
};

/// full is the study's network; the smaller ones keep its depth and field of view and are narrower.
const std::map<std::string, Preset> kPresets = {
    {"small", {{32, 64, 128, 256}, 160}},
    {"medium", {{48, 96, 192, 384}, 192}},
    {"full", {{64, 128, 256, 512}, 1024}},
};
constexpr int kConvolutions[] = {2, 2, 3, 3};  ///< of each block

Value build_fcn(const Build& build, Value x) {
  const Layers& net = build.net;
  const Preset& preset = kPresets.at(build.size);
  for (std::size_t block = 0; block < preset.blocks.size(); ++block) {
    const Layers at = net.in("block" + std::to_string(block + 1));
    for (int i = 1; i <= kConvolutions[block]; ++i) {
      x = conv_relu(at, "conv" + std::to_string(i), x, {.filters = build.channels(preset.blocks[block])});
    }
    x = at.max_pool("pool", x);
  }
  const std::int64_t hidden = build.channels(preset.fully_connected);
  const double dropout = build.params.at("dropout");
  x = net.dropout("dropout1", conv_relu(net, "fc1", x, {.filters = hidden, .kernel = 7}), dropout);
  x = net.dropout("dropout2", conv_relu(net, "fc2", x, {.filters = hidden, .kernel = 1}), dropout);
  x = net.conv2d("score", x, {.filters = build.outputs(), .kernel = 1});
  if (build.params.at("output_relu")) x = net.relu(x);
  const bool bilinear = build.params.at("upsampling").get<std::string>() == "bilinear";
  return net.upsample("upsample", x, 16, bilinear ? Resize::kBilinear : Resize::kNearest);
}

const ArchitectureRegistration fcn{{
    .spec =
        {.kind = core::PartKind::kArchitecture,
         .name = "fcn",
         .summary = "VGG made fully convolutional, upsampled once from 1/16 without skip connections",
         .source =
             "Long, Shelhamer, Darrell: Fully Convolutional Networks for Semantic Segmentation, CVPR 2015, "
             "https://arxiv.org/abs/1411.4038",
         .params = {dropout_param(0.5, "dropout rate after each of the two fully connected layers"),
                    {.name = "upsampling",
                     .types = core::kString,
                     .default_value = "nearest",
                     .help = "how the scores are upsampled to the image's size",
                     .minimum = {},
                     .maximum = {},
                     .choices = {"nearest", "bilinear"}},
                    {.name = "output_relu",
                     .types = core::kBool,
                     .default_value = false,
                     .help = "apply a ReLU to the scores, as the published head does before its softmax",
                     .minimum = {},
                     .maximum = {}}}},
    .sizes = {{"small", 16}, {"medium", 16}, {"full", 16}},
    .build = build_fcn,
}};

}  // namespace
}  // namespace segbench::architectures::fcn
