// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "architectures/encoders/encoder.h"
#include "architectures/networks/architecture.h"
#include "architectures/networks/blocks.h"
#include "architectures/networks/encode.h"

// Attention U-Net (Oktay et al., MIDL 2018, figures 1 and 2) in two dimensions: before a skip connection is
// joined, additive attention weighs its pixels by the coarser map on the way up. The finest skip is not
// gated, as in the paper. Without `encoder`: five stages of two 3x3 convolutions with batch normalisation and
// ReLU. Half of a skip's channels meet the gate, which the paper leaves open.

namespace segbench::architectures::attention_unet {
namespace {

/// Channels of the plain encoder from full resolution downwards; full is U-Net's.
const std::map<std::string, std::vector<int>> kWidths = {
    {"small", {32, 64, 128, 256, 512}},
    {"medium", {48, 96, 192, 384, 768}},
    {"full", {64, 128, 256, 512, 1024}},
};

/// `skip` with each pixel weighted by sigmoid(psi(ReLU(W skip + U gate))), which is computed in the gate's
/// size.
Value attention_gate(const Layers& at, Value skip, Value gate) {
  const std::int64_t hidden = std::max<std::int64_t>(1, at.shape(skip).channels / 2);
  const int ratio = at.shape(skip).height == at.shape(gate).height ? 1 : 2;
  const Value of_skip = at.conv2d(
      "skip", skip,
      {.filters = hidden, .kernel = ratio, .stride = ratio, .bias = false, .init = Init::kHeNormal});
  const Value of_gate = at.conv2d("gate", gate, {.filters = hidden, .kernel = 1, .init = Init::kHeNormal});
  Value weight = at.relu("relu", at.add("sum", of_skip, of_gate));
  weight = at.conv2d("psi", weight, {.filters = 1, .kernel = 1});
  weight = at.activation("sigmoid", weight, Function::kSigmoid);
  return at.multiply("weighted", skip, at.upsample_like("up", weight, skip, Resize::kBilinear));
}

/// One stage upwards for each of `skips`, from coarse to fine; all but the finest are gated.
Value decode(const Build& build, Value x, const std::vector<Value>& skips,
             const std::vector<std::int64_t>& channels) {
  for (std::size_t stage = 0; stage < skips.size(); ++stage) {
    const Layers at = build.net.in("decoder" + std::to_string(stage + 1));
    const Value map = skips[stage];
    const bool gated = exists(map) && stage + 1 < skips.size();
    const Value skip = gated ? attention_gate(at.in("attention"), map, x) : map;
    x = double_conv(build, at, join(at, x, map, {skip}), channels[stage]);
  }
  return x;
}

Value on_plain_encoder(const Build& build, Value x) {
  std::vector<Value> skips;  // from coarse to fine
  std::vector<std::int64_t> channels;
  for (const int width : kWidths.at(build.size)) {
    const Layers at = build.net.in("encoder" + std::to_string(skips.size() + 1));
    if (!skips.empty()) x = at.max_pool("pool", x);
    x = double_conv(build, at, x, build.channels(width));
    skips.insert(skips.begin(), x);
    channels.insert(channels.begin(), build.channels(width));
  }
  skips.erase(skips.begin()), channels.erase(channels.begin());  // the bottom is no skip
  return decode(build, x, skips, channels);
}

Value on_chosen_encoder(const Build& build, Value image) {
  const Features features = encode(build, image);
  const std::vector<Value> skips(features.maps.rbegin() + 1, features.maps.rend());
  const std::vector<std::int64_t> channels = decoder_channels(build);
  const Value x = decode(build, features.last(), skips, channels);
  const Layers last = build.net.in("decoder5");
  return double_conv(build, last, join(last, x, image, {}), channels[4]);
}

Value build_attention_unet(const Build& build, Value image) {
  const Value x = has_encoder(build) ? on_chosen_encoder(build, image) : on_plain_encoder(build, image);
  return build.net.conv2d("head", x, {.filters = build.outputs(), .kernel = 1});
}

const ArchitectureRegistration attention_unet{{
    .spec = {.kind = core::PartKind::kArchitecture,
             .name = "attention_unet",
             .summary = "U-Net with attention gates on its skip connections",
             .source = "Oktay et al.: Attention U-Net: Learning Where to Look for the Pancreas, MIDL 2018, "
                       "https://arxiv.org/abs/1804.03999",
             .params = encoder_params(core::Json(), 32, decoder_batch_norm_params())},
    .sizes = {{"small", 16}, {"medium", 16}, {"full", 16}},
    .build = build_attention_unet,
}};

}  // namespace
}  // namespace segbench::architectures::attention_unet
