// SPDX-License-Identifier: MIT
#include <functional>
#include <map>
#include <string>

#include "architectures/encoders/encoder.h"
#include "architectures/networks/architecture.h"
#include "architectures/networks/blocks.h"
#include "architectures/networks/encode.h"

// FCN-32s, FCN-16s and FCN-8s (Long, Shelhamer, Darrell, CVPR 2015, figure 3): the scores of the classifier
// at 1/32, doubled and added to scores of the encoder's maps at 1/16 and 1/8 (its last ones of that size: in
// VGG what the blocks 5 and 4 give, where the paper takes what they get), and the sum brought to the image's
// size. All up-sampling is bilinear: the filters that the paper starts its transposed convolutions with, and
// keeps in the last one. Zero padding keeps the maps' sizes, where the paper pads the image by 100 pixels and
// crops.

namespace segbench::architectures::fcn_skips {
namespace {

/// Channels of the two convolutions that VGG's fully connected layers become; full is the paper's.
const std::map<std::string, int> kFullyConnected = {{"small", 512}, {"medium", 1024}, {"full", 4096}};

Value fully_connected(const Build& build, Value x) {
  const std::int64_t filters = build.channels(kFullyConnected.at(build.size));
  const double dropout = build.params.at("dropout");
  for (const auto& [name, kernel] : {std::pair{"fc6", 7}, std::pair{"fc7", 1}}) {
    x = conv_relu(build.net, name, x, {.filters = filters, .kernel = kernel, .init = Init::kHeNormal});
    x = build.net.dropout(std::string(name) + "_dropout", x, dropout);
  }
  return x;
}

/// `finest` is the stride of the finest map that is scored: 32, 16 or 8.
Value build_fcn(const Build& build, Value image, int finest) {
  const Layers& net = build.net;
  const Conv2d scores{.filters = build.outputs(), .kernel = 1};
  const Features features = encode(build, image);
  Value x = features.last();
  if (build.params.at("fully_connected")) x = fully_connected(build, x);
  x = net.conv2d("score32", x, scores);
  std::size_t map = 3;  // at 1/16
  for (int stride = 16; stride >= finest; stride /= 2, --map) {
    const std::string at = std::to_string(stride);
    const Value score = net.conv2d("score" + at, features.maps[map], scores);
    x = net.upsample_like("up" + at, x, score, Resize::kBilinear);
    x = net.add("sum" + at, x, score);
  }
  return net.upsample_like("upsample", x, image, Resize::kBilinear);
}

Architecture fcn(int finest, const std::string& summary) {
  return {
      .spec =
          {.kind = core::PartKind::kArchitecture,
           .name = "fcn" + std::to_string(finest) + "s",
           .summary = summary,
           .source =
               "Long, Shelhamer, Darrell: Fully Convolutional Networks for Semantic Segmentation, CVPR 2015, "
               "https://arxiv.org/abs/1411.4038",
           .params = encoder_params(
               "vgg16", 32,
               {{.name = "fully_connected",
                 .types = core::kBool,
                 .default_value = true,
                 .help =
                     "keep the classifier's two fully connected layers as 7x7 and 1x1 convolutions, as for "
                     "VGG; false scores the encoder's last map directly, which suits residual encoders",
                 .minimum = {},
                 .maximum = {}},
                dropout_param(0.5, "dropout rate after each of the two fully connected layers")})},
      .sizes = {{"small", 32}, {"medium", 32}, {"full", 32}},
      .build = [finest](const Build& build, Value image) { return build_fcn(build, image, finest); },
  };
}

const ArchitectureRegistration fcn32s{
    fcn(32, "VGG classifier made fully convolutional, upsampled from 1/32 without skip connections")};
const ArchitectureRegistration fcn16s{
    fcn(16, "VGG classifier made fully convolutional, with one skip connection (1/16)")};
const ArchitectureRegistration fcn8s{
    fcn(8, "VGG classifier made fully convolutional, with two skip connections (1/16 and 1/8)")};

}  // namespace
}  // namespace segbench::architectures::fcn_skips
