// SPDX-License-Identifier: MIT
#include <map>
#include <string>
#include <vector>

#include "architectures/architecture.h"
#include "architectures/blocks.h"

// PSPNet (Zhao, Shi, Qi, Wang, Jia, CVPR 2017, figure 3): a dilated residual encoder at 1/8, its features
// averaged over pyramids of 1, 2, 3 and 6 bins, brought back to the map's size, joined and fused. He normal
// weights. `published` is the VOC course study's variant: a plain five-stage encoder at 1/32, no dilation,
// bins rounded to whole windows, no dropout, Glorot uniform weights.

namespace segbench::architectures {
namespace {

constexpr int kBins[] = {1, 2, 3, 6};

struct Preset {
  std::vector<int> widths;  ///< channels of the four residual stages
  std::vector<int> blocks;  ///< residual blocks of each
};

const std::map<std::string, Preset> kPresets = {
    {"small", {{32, 64, 128, 256}, {2, 2, 2, 2}}},
    {"medium", {{48, 96, 192, 352}, {2, 2, 2, 2}}},
    {"full", {{64, 128, 256, 512}, {3, 4, 6, 4}}},
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

/// The features and, by bins, their means as `conv` makes channels of them, all of one size.
Value pyramid_pooling(const Build& build, Value features, const Conv2d& conv, bool whole_windows) {
  std::vector<Value> parts = {features};
  for (const int bins : kBins) {
    const Layers at = build.net.in("pyramid" + std::to_string(bins));
    Value x = whole_windows ? at.pyramid_avg_pool("pool", features, bins)
                            : at.adaptive_avg_pool("pool", features, bins);
    x = conv_bn_relu(build, at, x, conv);
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
  x = pyramid_pooling(build, plain_encoder(build, x), reduce, true);
  x = drop(build, conv_bn_relu(build, build.net.in("fuse"), x, reduce), 0);
  x = build.net.conv2d("score", x, {.filters = build.outputs()});
  return build.net.upsample("upsample", x, 32, Resize::kBilinear);
}

Value build_pspnet(const Build& build, Value x) {
  if (build.size == "published") return build_published(build, x);
  const int width = kPresets.at(build.size).widths.back();
  const Conv2d reduce{
      .filters = build.channels(width / 4), .kernel = 1, .bias = false, .init = Init::kHeNormal};
  const Conv2d fuse{.filters = build.channels(width), .bias = false, .init = Init::kHeNormal};
  x = pyramid_pooling(build, residual_encoder(build, x), reduce, false);
  x = drop(build, conv_bn_relu(build, build.net.in("fuse"), x, fuse), 0.1);
  x = build.net.conv2d("score", x, {.filters = build.outputs(), .kernel = 1});
  return build.net.upsample("upsample", x, 8, Resize::kBilinear);
}

const ArchitectureRegistration pspnet{{
    .spec = {.kind = core::PartKind::kArchitecture,
             .name = "pspnet",
             .summary =
                 "averages of the whole image, its halves, thirds and sixths beside the local features",
             .source = "Zhao, Shi, Qi, Wang, Jia: Pyramid Scene Parsing Network, CVPR 2017, "
                       "https://arxiv.org/abs/1612.01105",
             .params = batch_norm_params({dropout_param(
                 core::Json(),
                 "rate before the scores; not set: 0.1, as in the authors' code, but 0 for published")})},
    .sizes = {{"small", 8}, {"medium", 8}, {"full", 8}, {"published", 32}},
    .build = build_pspnet,
}};

}  // namespace
}  // namespace segbench::architectures
