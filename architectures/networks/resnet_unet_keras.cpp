// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include "architectures/networks/keras_resnet.h"

// The U-Net and the PSPNet of segmentation_models (Keras) on a pre-activated ResNet, layer by layer. The
// PSPNet takes the encoder at 1/8, where it first activates stage 3; what lies after is not part of it.

namespace segbench::architectures::resnet_unet_keras {
namespace {

constexpr int kFilters[] = {256, 128, 64, 32, 16};

/// Convolution without bias, batch normalisation, ReLU: "NAME_conv", "NAME_bn", "NAME_relu".
Value conv_norm_relu(const Build& build, const Layers& at, const std::string& name, Value x,
                     std::int64_t filters, int kernel) {
  x = at.conv2d(name + "_conv", x,
                {.filters = filters, .kernel = kernel, .bias = false, .init = Init::kHeUniform});
  return at.relu(name + "_relu", at.batch_norm(name + "_bn", x, build.batch_norm()));
}

Value build_unet(const Build& build, Value image) {
  KerasResNet encoder = keras_resnet(build, image);
  const Layers at = build.net.in("decoder");
  Value x = encoder.coarsest;
  for (std::size_t stage = 0; stage < std::size(kFilters); ++stage) {
    const std::string name = "stage" + std::to_string(stage);
    const std::int64_t filters = build.channels(kFilters[stage]);
    x = at.upsample(name + "_upsampling", x, 2, Resize::kNearest);
    if (!encoder.skips.empty()) {
      x = at.concat(name + "_concat", {x, encoder.skips.back()});
      encoder.skips.pop_back();
    }
    x = conv_norm_relu(build, at, name + "a", x, filters, 3);
    x = conv_norm_relu(build, at, name + "b", x, filters, 3);
  }
  return build.net.conv2d("final_conv", x, {.filters = build.outputs()});
}

Value build_pspnet(const Build& build, Value image) {
  const Value features = keras_resnet(build, image, 3).coarsest;
  const Layers at = build.net.in("decoder");
  const std::int64_t filters = build.channels(512);
  std::vector<Value> parts = {features};
  for (const int bins : {1, 2, 3, 6}) {
    const std::string name = "level" + std::to_string(bins);
    Value x = at.adaptive_avg_pool(name + "_pooling", features, bins);
    x = conv_norm_relu(build, at, name, x, filters, 1);
    parts.push_back(at.upsample_like(name + "_upsampling", x, features, Resize::kBilinear));
  }
  Value x = conv_norm_relu(build, at, "aggregation", at.concat("concat", parts), filters, 1);
  x = build.net.conv2d("final_conv", x, {.filters = build.outputs()});
  return build.net.upsample("final_upsampling", x, 8, Resize::kBilinear);
}

const ArchitectureRegistration resnet_unet_keras{{
    .spec =
        {.kind = core::PartKind::kArchitecture,
         .name = "resnet_unet_keras",
         .summary = "U-Net of segmentation_models (Keras) on a pre-activation ResNet",
         .source =
             "Yakubovskiy: segmentation_models, https://github.com/qubvel/segmentation_models; Ronneberger, "
             "Fischer, Brox: U-Net, MICCAI 2015, https://arxiv.org/abs/1505.04597",
         .params = batch_norm_params({keras_resnet_param()})},
    .sizes = {{"full", 32}},
    .build = build_unet,
}};

const ArchitectureRegistration resnet_pspnet_keras{{
    .spec =
        {.kind = core::PartKind::kArchitecture,
         .name = "resnet_pspnet_keras",
         .summary = "PSPNet of segmentation_models (Keras) on the first stages of a pre-activation ResNet",
         .source =
             "Yakubovskiy: segmentation_models, https://github.com/qubvel/segmentation_models; Zhao et al.: "
             "Pyramid Scene Parsing Network, CVPR 2017, https://arxiv.org/abs/1612.01105",
         .params = batch_norm_params({keras_resnet_param()})},
    .sizes = {{"full", 8}},
    .build = build_pspnet,
}};

}  // namespace
}  // namespace segbench::architectures::resnet_unet_keras
