// SPDX-License-Identifier: MIT
#include <map>
#include <string>
#include <vector>

#include "architectures/encoders/encoder.h"
#include "architectures/networks/architecture.h"
#include "architectures/networks/blocks.h"
#include "architectures/networks/encode.h"

// Deep residual U-Net (Zhang, Liu, Wang, IEEE GRSL 2018, figure 2 and table I): a U-Net of pre-activated
// residual units that halve by stride and double by up-sampling. `published` is the VOC course study's
// variant: two stages deeper, 3x3 shortcuts, two more convolutions at the bottom, dropout, and the score
// taken at half resolution. Glorot uniform weights. With `encoder` set, that encoder's maps and five such
// units upwards, with the channels of unet's decoder.

namespace segbench::architectures::resunet {
namespace {

struct Preset {
  std::vector<int> encoder;  ///< channels of the stages from full resolution downwards
  std::vector<int> decoder;  ///< channels of the stages upwards
  int shortcut_kernel = 1;
  int bridge_convolutions = 0;  ///< without a shortcut around them
  double dropout = 0;
};

/// medium is the paper's network. The study prints its dropout layers but not their rate: 0.1 is ours.
const std::map<std::string, Preset> kPresets = {
    {"small", {.encoder = {48, 96, 192, 336}, .decoder = {192, 96, 48}}},
    {"medium", {.encoder = {64, 128, 256, 512}, .decoder = {256, 128, 64}}},
    {"full", {.encoder = {64, 128, 256, 512, 960}, .decoder = {512, 256, 128, 64}}},
    {"published",
     {.encoder = {64, 128, 256, 512, 1024, 2048},
      .decoder = {2048, 1024, 512, 256},
      .shortcut_kernel = 3,
      .bridge_convolutions = 2,
      .dropout = 0.1}},
};

double dropout_rate(const Build& build, const Preset& preset) {
  const core::Json& chosen = build.params.at("dropout");
  return chosen.is_null() ? preset.dropout : chosen.get<double>();
}

/// `residual` plus the input brought to its shape.
Value add_shortcut(const Build& build, const Layers& at, Value x, Value residual, const Conv2d& conv) {
  const Value shortcut =
      at.batch_norm("shortcut_bn", at.conv2d("shortcut_conv", x, conv), build.batch_norm());
  return at.add("add", residual, shortcut);
}

Value stem(const Build& build, const Layers& at, Value x, std::int64_t filters, double dropout) {
  Value residual = at.conv2d("conv", x, {.filters = filters});
  residual = preactivated_conv(build, at.in("a"), residual, {.filters = filters}, dropout);
  return add_shortcut(build, at, x, residual, {.filters = filters, .kernel = 1});
}

Value residual_unit(const Build& build, const Layers& at, Value x, std::int64_t filters, int stride,
                    const Preset& preset) {
  const double dropout = dropout_rate(build, preset);
  Value residual = preactivated_conv(build, at.in("a"), x, {.filters = filters, .stride = stride}, dropout);
  residual = preactivated_conv(build, at.in("b"), residual, {.filters = filters}, dropout);
  return add_shortcut(build, at, x, residual,
                      {.filters = filters, .kernel = preset.shortcut_kernel, .stride = stride});
}

Value on_encoder(const Build& build, Value image) {
  const Value decoded = unet_on_encoder(build, image, [&](const Layers& at, Value x, std::int64_t filters) {
    return residual_unit(build, at, x, filters, 1, {});
  });
  return build.net.conv2d("score", decoded, {.filters = build.outputs(), .kernel = 1});
}

Value build_resunet(const Build& build, Value x) {
  if (has_encoder(build)) return on_encoder(build, x);
  const Layers& net = build.net;
  const Preset& preset = kPresets.at(build.size);
  std::vector<Value> skips = {
      stem(build, net.in("encoder1"), x, build.channels(preset.encoder[0]), dropout_rate(build, preset))};
  for (std::size_t level = 1; level < preset.encoder.size(); ++level) {
    const Layers at = net.in("encoder" + std::to_string(level + 1));
    skips.push_back(residual_unit(build, at, skips.back(), build.channels(preset.encoder[level]), 2, preset));
  }
  x = skips.back();
  skips.pop_back();
  for (int i = 1; i <= preset.bridge_convolutions; ++i) {
    const Conv2d conv{.filters = build.channels(preset.encoder.back())};
    x = preactivated_conv(build, net.in("bridge" + std::to_string(i)), x, conv, dropout_rate(build, preset));
  }
  for (std::size_t stage = 0; stage < preset.decoder.size(); ++stage) {
    const Layers at = net.in("decoder" + std::to_string(stage + 1));
    x = at.upsample("up", x, 2, Resize::kNearest);
    x = at.concat("concat", {x, skips.back()});
    skips.pop_back();
    x = residual_unit(build, at, x, build.channels(preset.decoder[stage]), 1, preset);
  }
  x = net.conv2d("score", x, {.filters = build.outputs(), .kernel = 1});
  return skips.empty() ? x : net.upsample("upsample", x, 1 << skips.size(), Resize::kNearest);
}

const ArchitectureRegistration resunet{{
    .spec = {.kind = core::PartKind::kArchitecture,
             .name = "resunet",
             .summary = "U-Net built from pre-activation residual units",
             .source = "Zhang, Liu, Wang: Road Extraction by Deep Residual U-Net, IEEE GRSL 15(5), 2018, "
                       "https://arxiv.org/abs/1711.10684",
             .params = encoder_params(core::Json(), 32,
                                      decoder_batch_norm_params({dropout_param_of_size(
                                          0, 0.1,
                                          "dropout rate after each convolution of a residual unit; default: "
                                          "0.1 for size published, else 0, as in the paper")}))},
    .sizes = {{"small", 8}, {"medium", 8}, {"full", 16}, {"published", 32}},
    .build = build_resunet,
}};

}  // namespace
}  // namespace segbench::architectures::resunet
