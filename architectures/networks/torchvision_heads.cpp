// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>
#include <vector>

#include "architectures/encoders/encoder.h"
#include "architectures/networks/architecture.h"
#include "architectures/networks/encode.h"

// The segmentation networks of torchvision on any encoder, with its names below "classifier.": FCN's head
// (Long et al. 2015 on a dilated ResNet), DeepLabV3 (Chen et al. 2017, figure 5) and LR-ASPP (Howard et al.
// 2019, figure 10). Scores are brought to the image's size by bilinear interpolation once. Its state_dicts
// load when "backbone." is read as "encoder." (for a mobile network, "backbone.N." as "encoder.features.N.");
// the auxiliary classifier that torchvision trains beside them is left out. Weights start as PyTorch's
// modules do.

namespace segbench::architectures::torchvision_heads {
namespace {

constexpr BatchNorm kNorm{.momentum = 0.9, .epsilon = 1e-5};

/// Convolution without bias, batch normalisation, ReLU: numbered from `first` on below `at`.
Value conv_norm_relu(const Layers& at, int first, Value x, Conv2d conv) {
  conv.padding = Padding::kTorch;
  conv.bias = false;
  conv.init = Init::kTorchUniform;
  x = at.conv2d(std::to_string(first), x, conv);
  x = at.batch_norm(std::to_string(first + 1), x, kNorm);
  return at.relu(std::to_string(first + 2), x);
}

Value score(const Build& build, const Layers& at, const std::string& name, Value x) {
  return at.conv2d(name, x, {.filters = build.outputs(), .kernel = 1, .init = Init::kTorchUniform});
}

Value to_size_of(const Build& build, Value scores, Value image) {
  return build.net.upsample_like("upsample", scores, image, Resize::kBilinear);
}

Value drop(const Build& build, const Layers& at, const std::string& name, Value x) {
  return at.dropout(name, x, build.params.at("dropout").get<double>());
}

Value build_fcn(const Build& build, Value image) {
  const Layers at = build.net.in("classifier");
  Value x = encode(build, image).last();
  const std::int64_t inner = std::max<std::int64_t>(1, at.shape(x).channels / 4);
  x = drop(build, at, "3", conv_norm_relu(at, 0, x, {.filters = inner}));
  return to_size_of(build, score(build, at, "4", x), image);
}

/// Atrous spatial pyramid pooling: the map at several dilations, and its mean.
Value atrous_pyramid(const Build& build, const Layers& at, Value x) {
  const Layers convs = at.in("convs");
  const std::int64_t filters = build.channels(256);
  std::vector<Value> parts = {conv_norm_relu(convs.in("0"), 0, x, {.filters = filters, .kernel = 1})};
  for (const int rate : build.params.at("atrous_rates").get<std::vector<int>>()) {
    const Layers branch = convs.in(std::to_string(parts.size()));
    parts.push_back(conv_norm_relu(branch, 0, x, {.filters = filters, .dilation = rate}));
  }
  const Layers pool = convs.in(std::to_string(parts.size()));
  const Value mean =
      conv_norm_relu(pool, 1, pool.adaptive_avg_pool("0", x, 1), {.filters = filters, .kernel = 1});
  parts.push_back(pool.upsample_like("up", mean, x, Resize::kBilinear));
  const Layers project = at.in("project");
  x = conv_norm_relu(project, 0, at.concat("concat", parts), {.filters = filters, .kernel = 1});
  return drop(build, project, "3", x);
}

Value build_deeplabv3(const Build& build, Value image) {
  const Layers at = build.net.in("classifier");
  Value x = atrous_pyramid(build, at.in("0"), encode(build, image).last());
  x = conv_norm_relu(at, 1, x, {.filters = build.channels(256)});
  return to_size_of(build, score(build, at, "4", x), image);
}

/// The coarse map, weighted by its mean, scored together with the map at 1/8.
Value build_lraspp(const Build& build, Value image) {
  const Layers at = build.net.in("classifier"), scale = at.in("scale");
  const Features features = encode(build, image);
  const Value low = features.maps[2], high = features.last();
  const std::int64_t inner = build.channels(128);
  Value x = conv_norm_relu(at.in("cbr"), 0, high, {.filters = inner, .kernel = 1});
  const Conv2d weigh{.filters = inner, .kernel = 1, .bias = false, .init = Init::kTorchUniform};
  const Value weights = scale.conv2d("1", scale.adaptive_avg_pool("0", high, 1), weigh);
  x = at.multiply("multiply", x, scale.activation("2", weights, Function::kSigmoid));
  x = at.upsample_like("up", x, low, Resize::kBilinear);
  const Value of_low = score(build, at, "low_classifier", low);
  return to_size_of(build, at.add("add", of_low, score(build, at, "high_classifier", x)), image);
}

const core::ParamSpec kAtrousRates{.name = "atrous_rates",
                                   .types = core::kIntegerList,
                                   .default_value = core::Json{12, 24, 36},
                                   .help =
                                       "dilation rates of the 3x3 convolutions; the paper uses 6, 12, 18 at "
                                       "output stride 16 and twice that at 8, torchvision always the latter",
                                   .minimum = 1,
                                   .maximum = {}};

const ArchitectureRegistration fcn_torchvision{{
    .spec =
        {.kind = core::PartKind::kArchitecture,
         .name = "fcn_torchvision",
         .summary = "torchvision's FCN: a small convolutional head on a dilated encoder",
         .source =
             "Long, Shelhamer, Darrell: Fully Convolutional Networks for Semantic Segmentation, CVPR 2015, "
             "https://arxiv.org/abs/1411.4038; torchvision 0.14, fcn_resnet50",
         .params =
             encoder_params("resnet50", 8, {dropout_param(0.1, "dropout rate before the last convolution")})},
    .sizes = {{"full", 32}},
    .build = build_fcn,
    .any_size = true,
}};

const ArchitectureRegistration deeplabv3{{
    .spec = {.kind = core::PartKind::kArchitecture,
             .name = "deeplabv3",
             .summary = "atrous spatial pyramid pooling on a dilated encoder",
             .source = "Chen, Papandreou, Schroff, Adam: Rethinking Atrous Convolution for Semantic Image "
                       "Segmentation, 2017, https://arxiv.org/abs/1706.05587",
             .params = encoder_params(
                 "resnet50", 8,
                 {dropout_param(0.5, "dropout rate after the pyramid is merged"), kAtrousRates})},
    .sizes = {{"full", 32}},
    .build = build_deeplabv3,
    .any_size = true,
}};

const ArchitectureRegistration lraspp{{
    .spec = {.kind = core::PartKind::kArchitecture,
             .name = "lraspp",
             .summary = "Lite R-ASPP head: a globally gated coarse map joined with the map at 1/8 resolution",
             .source =
                 "Howard et al.: Searching for MobileNetV3, ICCV 2019, https://arxiv.org/abs/1905.02244",
             .params = encoder_params("mobilenet_v3_large", 16)},
    .sizes = {{"full", 32}},
    .build = build_lraspp,
    .any_size = true,
}};

}  // namespace
}  // namespace segbench::architectures::torchvision_heads
