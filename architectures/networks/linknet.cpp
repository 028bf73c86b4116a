// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>
#include <string>

#include "architectures/encoders/encoder.h"
#include "architectures/networks/architecture.h"
#include "architectures/networks/blocks.h"
#include "architectures/networks/encode.h"

// LinkNet (Chaurasia, Culurciello, VCIP 2017, figures 1 and 3): decoder blocks that squeeze the channels,
// double the size by a transposed convolution and widen again to the channels of the encoder's map, which is
// added. As in segmentation_models.pytorch, the block is the same up to the image's size, with 32 channels at
// the end and a kernel of 4 (the paper's 3 covers its pixels unevenly).

namespace segbench::architectures::linknet {
namespace {

struct Preset {
  int squeeze;  ///< what a block divides its channels by
  int last;     ///< channels at full resolution
};

/// full is the paper's.
const std::map<std::string, Preset> kPresets = {{"small", {16, 16}}, {"medium", {8, 24}}, {"full", {4, 32}}};

/// At least four channels are left, as at width 1; `like`: the map that has the size wanted; none: twice x's.
Value decoder_block(const Build& build, const Layers& at, Value x, Value like, std::int64_t filters) {
  const std::int64_t squeezed =
      std::max<std::int64_t>(4, at.shape(x).channels / kPresets.at(build.size).squeeze);
  const bool doubles = !exists(like) || at.shape(like).height != at.shape(x).height;
  x = conv_bn_relu(build, at.in("squeeze"), x, bare_conv(squeezed, 1));
  x = at.conv_transpose2d(
      "up", x,
      {.filters = squeezed, .kernel = doubles ? 4 : 3, .stride = doubles ? 2 : 1, .init = Init::kHeNormal});
  x = at.relu("up_relu", at.batch_norm("up_bn", x, build.batch_norm()));
  return conv_bn_relu(build, at.in("widen"), x, bare_conv(filters, 1));
}

Value build_linknet(const Build& build, Value image) {
  const Layers& net = build.net;
  const Features features = encode(build, image);
  const std::int64_t last = build.channels(kPresets.at(build.size).last);
  Value x = features.last();
  for (std::size_t stage = 0; stage < 4; ++stage) {
    const Layers at = net.in("decoder" + std::to_string(stage + 1));
    const Value skip = features.maps[3 - stage];
    x = decoder_block(build, at, x, skip, exists(skip) ? net.shape(skip).channels : 2 * last);
    if (exists(skip)) x = at.add("sum", x, skip);
  }
  x = decoder_block(build, net.in("decoder5"), x, image, last);
  return net.conv2d("score", x, {.filters = build.outputs(), .kernel = 1});
}

const ArchitectureRegistration linknet{{
    .spec = {.kind = core::PartKind::kArchitecture,
             .name = "linknet",
             .summary = "encoder-decoder with additive skip connections and narrow transposed convolutions",
             .source =
                 "Chaurasia, Culurciello: LinkNet: Exploiting Encoder Representations for Efficient Semantic "
                 "Segmentation, VCIP 2017, https://arxiv.org/abs/1707.03718",
             .params = encoder_params("resnet34", 32, decoder_batch_norm_params())},
    .sizes = {{"small", 32}, {"medium", 32}, {"full", 32}},
    .build = build_linknet,
}};

}  // namespace
}  // namespace segbench::architectures::linknet
