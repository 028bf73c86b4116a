// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "architectures/encoders/encoder.h"
#include "architectures/networks/architecture.h"
#include "architectures/networks/blocks.h"
#include "architectures/networks/encode.h"

// PSPNet (Zhao, Shi, Qi, Wang, Jia, CVPR 2017, figure 3): a dilated residual encoder at 1/8, its features
// averaged over pyramids of 1, 2, 3 and 6 bins, brought back to the map's size, joined and fused. He normal
// weights. `published` is the VOC course study's variant: a plain five-stage encoder at 1/32, no dilation,
// bins rounded to whole windows, no dropout, Glorot uniform weights. With `encoder` set, the pyramid stands
// on that encoder's last map, each part with a quarter of its channels; 512 channels after it are the
// paper's.

namespace segbench::architectures::pspnet {
namespace {

struct Preset {
  std::vector<int> widths;  ///< channels of the four residual stages
  std::vector<int> blocks;  ///< residual blocks of each
  int fused = 0;            ///< channels after the pyramid on a chosen encoder
};

const std::map<std::string, Preset> kPresets = {
    {"small", {{32, 64, 128, 256}, {2, 2, 2, 2}, 128}},
    {"medium", {{48, 96, 192, 352}, {2, 2, 2, 2}, 256}},
    {"full", {{64, 128, 256, 512}, {3, 4, 6, 4}, 512}},
};
constexpr int kStrides[] = {1, 2, 1, 1};    ///< of the residual stages; the stem halves twice before them
constexpr int kDilations[] = {1, 1, 2, 4};  ///< instead of the strides of the last two

Value residual_encoder(const Build& build, Value x) {
  const Preset& preset = kPresets.at(build.size);
  const Layers stem = build.net.in("stem");
  const Conv2d halve{
      .filters = build.channels(preset.widths[0]), .stride = 2, .bias = false, .init = Init::kHeNormal};
  x = stem.max_pool("pool", conv_bn_relu(build, stem, x, halve));
  for (std::size_t stage = 0; stage < preset.widths.size(); ++stage) {
    const Layers at = build.net.in("layer" + std::to_string(stage + 1));
    for (int block = 0; block < preset.blocks[stage]; ++block) {
      x = basic_residual_block(build, at.in(std::to_string(block)), x, build.channels(preset.widths[stage]),
                               block == 0 ? kStrides[stage] : 1, kDilations[stage]);
    }
  }
  return x;
}

Value plain_encoder(const Build& build, Value x) {
  const int widths[] = {64, 128, 256, 256, 256};
  for (int stage = 0; stage < 5; ++stage) {
    const Layers at = build.net.in("encoder" + std::to_string(stage + 1));
    x = at.zero_pad("pad", x, 1);
    x = conv_bn_relu(build, at, x, {.filters = build.channels(widths[stage]), .padding = Padding::kValid});
    x = at.max_pool("pool", x);
  }
  return x;
}

/// As pyramid_pooling() of the blocks, in whole windows.
Value window_pooling(const Build& build, Value features, const Conv2d& conv) {
  std::vector<Value> parts = {features};
  for (const int bins : {1, 2, 3, 6}) {
    const Layers at = build.net.in("pyramid" + std::to_string(bins));
    const Value x = conv_bn_relu(build, at, at.pyramid_avg_pool("pool", features, bins), conv);
    parts.push_back(at.upsample_like("up", x, features, Resize::kBilinear));
  }
  return build.net.concat("concat", parts);
}

Value drop(const Build& build, Value x, double rate_of_size) {
  const core::Json& chosen = build.params.at("dropout");
  const double rate = chosen.is_null() ? rate_of_size : chosen.get<double>();
  return rate > 0 ? build.net.dropout("dropout", x, rate) : x;
}

Value build_published(const Build& build, Value x) {
  const Conv2d reduce{.filters = build.channels(512), .kernel = 1, .bias = false};
  x = window_pooling(build, plain_encoder(build, x), reduce);
  x = drop(build, conv_bn_relu(build, build.net.in("fuse"), x, reduce), 0);
  x = build.net.conv2d("score", x, {.filters = build.outputs()});
  return build.net.upsample("upsample", x, 32, Resize::kBilinear);
}

/// Everything after the encoder: `reduced` channels for each part of the pyramid, `fused` after it.
Value decode(const Build& build, Value x, Value image, std::int64_t reduced, std::int64_t fused) {
  x = pyramid_pooling(build, build.net, x, reduced);
  x = drop(build, conv_bn_relu(build, build.net.in("fuse"), x, bare_conv(fused)), 0.1);
  x = build.net.conv2d("score", x, {.filters = build.outputs(), .kernel = 1});
  return build.net.upsample_like("upsample", x, image, Resize::kBilinear);
}

Value build_pspnet(const Build& build, Value image) {
  if (build.size == "published") return build_published(build, image);
  const Preset& preset = kPresets.at(build.size);
  if (has_encoder(build)) {
    const Value x = encode(build, image).last();
    const std::int64_t quarter = std::max<std::int64_t>(1, build.net.shape(x).channels / 4);
    return decode(build, x, image, quarter, build.channels(preset.fused));
  }
  const int width = preset.widths.back();
  return decode(build, residual_encoder(build, image), image, build.channels(width / 4),
                build.channels(width));
}

const ArchitectureRegistration pspnet{{
    .spec = {.kind = core::PartKind::kArchitecture,
             .name = "pspnet",
             .summary = "pyramid pooling over 1x1, 2x2, 3x3 and 6x6 bins beside the local features",
             .source = "Zhao, Shi, Qi, Wang, Jia: Pyramid Scene Parsing Network, CVPR 2017, "
                       "https://arxiv.org/abs/1612.01105",
             .params = encoder_params(core::Json(), 8,
                                      decoder_batch_norm_params({dropout_param_of_size(
                                          0.1, 0,
                                          "dropout rate before the last convolution; default: 0.1, as in the "
                                          "authors' code, but 0 for size published")}))},
    .sizes = {{"small", 8}, {"medium", 8}, {"full", 8}, {"published", 32}},
    .build = build_pspnet,
}};

}  // namespace
}  // namespace segbench::architectures::pspnet
