// SPDX-License-Identifier: MIT
#include <map>
#include <string>
#include <vector>

#include "architectures/encoders/encoder.h"
#include "architectures/networks/architecture.h"
#include "architectures/networks/blocks.h"
#include "architectures/networks/encode.h"

// DeepLabv3+ (Chen, Zhu, Papandreou, Schroff, Adam, ECCV 2018, figure 2): atrous spatial pyramid pooling
// (ASPP) on the last map of a dilated encoder, brought to 1/4, joined with 48 channels of the map there and
// refined. Every 3x3 convolution is depthwise separable, with one refining convolution before the joining and
// one after it, as in segmentation_models.pytorch.

namespace segbench::architectures::deeplabv3plus {
namespace {

struct Preset {
  int width;      ///< channels of every part of the ASPP and of the decoder
  int low_level;  ///< channels of the map at 1/4 that join
};

/// full is the paper's.
const std::map<std::string, Preset> kPresets = {
    {"small", {64, 16}}, {"medium", {128, 32}}, {"full", {256, 48}}};

/// The paper's rates are 6, 12 and 18 at an output stride of 16 and twice that at 8; at 32 half of it.
std::vector<int> papers_rates(const core::Json& params) {
  const int unit = 96 / params.at("output_stride").get<int>();
  return {unit, 2 * unit, 3 * unit};
}

std::vector<int> atrous_rates(const Build& build) {
  const core::Json& chosen = build.params.at("atrous_rates");
  return chosen.is_null() ? papers_rates(build.params) : chosen.get<std::vector<int>>();
}

Value spatial_pyramid(const Build& build, const Layers& at, Value x, std::int64_t width) {
  std::vector<Value> parts = {conv_bn_relu(build, at.in("point"), x, bare_conv(width, 1))};
  int number = 0;
  for (const int rate : atrous_rates(build)) {
    const Layers branch = at.in("atrous" + std::to_string(++number));
    parts.push_back(separable_conv_bn_relu(build, branch, x, width, rate));
  }
  const Layers image = at.in("image");
  const Value mean = conv_bn_relu(build, image, image.adaptive_avg_pool("pool", x, 1), bare_conv(width, 1));
  parts.push_back(image.upsample_like("up", mean, x, Resize::kBilinear));
  x = conv_bn_relu(build, at.in("project"), at.concat("concat", parts), bare_conv(width, 1));
  return at.dropout("dropout", x, build.params.at("dropout"));
}

Value build_deeplabv3plus(const Build& build, Value image) {
  const Layers& net = build.net;
  const Preset& preset = kPresets.at(build.size);
  const std::int64_t width = build.channels(preset.width);
  const Features features = encode(build, image);
  const Value quarter = features.maps[1];
  Value x = spatial_pyramid(build, net.in("aspp"), features.last(), width);
  x = separable_conv_bn_relu(build, net.in("aspp_refine"), x, width);
  x = net.upsample_like("up", x, quarter, Resize::kBilinear);
  const Value low =
      conv_bn_relu(build, net.in("low_level"), quarter, bare_conv(build.channels(preset.low_level), 1));
  x = separable_conv_bn_relu(build, net.in("refine"), net.concat("concat", {x, low}), width);
  x = net.conv2d("score", x, {.filters = build.outputs(), .kernel = 1});
  return net.upsample_like("upsample", x, image, Resize::kBilinear);
}

const ArchitectureRegistration deeplabv3plus{{
    .spec = {.kind = core::PartKind::kArchitecture,
             .name = "deeplabv3plus",
             .summary = "atrous spatial pyramid pooling with a light decoder at 1/4 resolution",
             .source =
                 "Chen, Zhu, Papandreou, Schroff, Adam: Encoder-Decoder with Atrous Separable Convolution "
                 "for Semantic Image Segmentation, ECCV 2018, https://arxiv.org/abs/1802.02611",
             .params = encoder_params(
                 "resnet34", 16,
                 decoder_batch_norm_params(
                     {{.name = "atrous_rates",
                       .types = core::kIntegerList,
                       .default_value = core::Json(),
                       .help = "dilation rates of the pyramid's 3x3 convolutions; default: the paper's 6, "
                               "12, 18 at output stride 16, twice that at 8, half of it at 32",
                       .minimum = 1,
                       .maximum = 64,
                       .when_null = [](const core::Json& params,
                                       const core::Json&) { return core::Json(papers_rates(params)); }},
                      dropout_param(0.5, "dropout rate after the pyramid")}))},
    .sizes = {{"small", 32}, {"medium", 32}, {"full", 32}},
    .build = build_deeplabv3plus,
}};

}  // namespace
}  // namespace segbench::architectures::deeplabv3plus
