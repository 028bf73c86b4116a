// SPDX-License-Identifier: MIT
#include <map>
#include <string>
#include <vector>

#include "architectures/encoders/encoder.h"
#include "architectures/networks/architecture.h"
#include "architectures/networks/blocks.h"
#include "architectures/networks/encode.h"

// UPerNet (Xiao, Liu, Zhou, Jiang, Sun, ECCV 2018, figure 4, its branch for objects and stuff): PSPNet's
// pyramid of averages on the encoder's last map, from there a feature pyramid down to 1/4, all of whose
// levels are joined, fused and scored.

namespace segbench::architectures::upernet {
namespace {

/// Channels of every map of the decoder; full is the paper's.
const std::map<std::string, int> kWidths = {{"small", 128}, {"medium", 256}, {"full", 512}};

Value build_upernet(const Build& build, Value image) {
  const Layers& net = build.net;
  const std::int64_t width = build.channels(kWidths.at(build.size));
  const Features features = encode(build, image);
  Value above = pyramid_pooling(build, net.in("pooling"), features.last(), width);
  above = conv_bn_relu(build, net.in("level5"), above, bare_conv(width));
  std::vector<Value> levels = {above};
  for (std::size_t map = 3; map >= 1; --map) {
    const Layers at = net.in("level" + std::to_string(map + 1));  // named as in the paper: 1/4 is level 2
    const Value lateral = conv_bn_relu(build, at.in("lateral"), features.maps[map], bare_conv(width, 1));
    above = at.add("sum", at.upsample_like("up", above, lateral, Resize::kBilinear), lateral);
    levels.push_back(conv_bn_relu(build, at, above, bare_conv(width)));
  }
  for (std::size_t i = 0; i + 1 < levels.size(); ++i) {
    const Layers at = net.in("fuse" + std::to_string(5 - i));
    levels[i] = at.upsample_like("up", levels[i], levels.back(), Resize::kBilinear);
  }
  Value x = conv_bn_relu(build, net.in("fuse"), net.concat("concat", levels), bare_conv(width));
  x = net.dropout("dropout", x, build.params.at("dropout"));
  x = net.conv2d("score", x, {.filters = build.outputs(), .kernel = 1});
  return net.upsample_like("upsample", x, image, Resize::kBilinear);
}

const ArchitectureRegistration upernet{{
    .spec =
        {.kind = core::PartKind::kArchitecture,
         .name = "upernet",
         .summary = "feature pyramid network with pyramid pooling on top, fused at 1/4 resolution",
         .source =
             "Xiao, Liu, Zhou, Jiang, Sun: Unified Perceptual Parsing for Scene Understanding, ECCV 2018, "
             "https://arxiv.org/abs/1807.10221",
         .params = encoder_params(
             "resnet34", 32,
             decoder_batch_norm_params({dropout_param(0.1, "dropout rate before the last convolution")}))},
    .sizes = {{"small", 32}, {"medium", 32}, {"full", 32}},
    .build = build_upernet,
}};

}  // namespace
}  // namespace segbench::architectures::upernet
