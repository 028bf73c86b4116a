// SPDX-License-Identifier: MIT
#include <map>
#include <string>

#include "architectures/encoders/encoder.h"
#include "architectures/networks/architecture.h"
#include "architectures/networks/blocks.h"
#include "architectures/networks/encode.h"

// Pyramid attention network (Li, Xiong, An, Wang, BMVC 2018): feature pyramid attention (figure 3) on the
// last map of a dilated encoder, then three global attention up-samplings (figure 4), in which the coarse map
// says which channels of the finer one matter. As in segmentation_models.pytorch, the pyramid's attention is
// one map for all channels. Unlike there, pooling rounds up, so that small images have a pyramid too, and the
// image's mean is added without a ReLU, so that it lowers features as well.

namespace segbench::architectures::pan {
namespace {

/// Channels of the decoder; full is segmentation_models.pytorch's.
const std::map<std::string, int> kWidths = {{"small", 16}, {"medium", 24}, {"full", 32}};

Conv2d biased_conv(std::int64_t filters, int kernel) {
  return {.filters = filters, .kernel = kernel, .init = Init::kHeNormal};
}

Value halve(const Layers& at, Value x) {
  return at.max_pool("pool", x, {.kernel = 2, .stride = 2, .padding = Padding::kSame});
}

/// The U of 7x7, 5x5 and 3x3 convolutions: one map of weights in x's size.
Value pyramid(const Build& build, const Layers& at, Value x) {
  const auto conv = [&](const char* name, Value value, int kernel) {
    return conv_bn_relu(build, at.in(name), value, biased_conv(1, kernel));
  };
  const auto join = [&](const char* name, Value coarse, Value fine) {
    const Layers here = at.in(name);
    return here.add("sum", here.upsample_like("up", coarse, fine, Resize::kBilinear), fine);
  };
  const Value half = conv("down1", halve(at.in("down1"), x), 7);
  const Value quarter = conv("down2", halve(at.in("down2"), half), 5);
  const Value eighth = conv("down3b", conv("down3a", halve(at.in("down3a"), quarter), 3), 3);
  Value y = join("up3", eighth, conv("side2", quarter, 5));
  y = join("up2", y, conv("side1", half, 7));
  return at.upsample_like("up1", y, x, Resize::kBilinear);
}

Value feature_pyramid_attention(const Build& build, const Layers& at, Value x, std::int64_t width) {
  const Layers image = at.in("image");
  Value mean = image.conv2d("conv", image.adaptive_avg_pool("pool", x, 1), biased_conv(width, 1));
  mean = image.batch_norm("bn", mean, build.batch_norm());
  mean = image.upsample_like("up", mean, x, Resize::kBilinear);
  const Value point = conv_bn_relu(build, at.in("point"), x, biased_conv(width, 1));
  const Value weighted = at.multiply("weighted", point, pyramid(build, at, x));
  return at.add("sum", weighted, mean);
}

Value global_attention_upsample(const Build& build, const Layers& at, Value coarse, Value fine,
                                std::int64_t width) {
  const Value features = conv_bn_relu(build, at.in("fine"), fine, biased_conv(width, 3));
  const Layers gate = at.in("gate");
  Value weight = gate.conv2d("conv", gate.adaptive_avg_pool("pool", coarse, 1), biased_conv(width, 1));
  weight = gate.activation("sigmoid", gate.batch_norm("bn", weight, build.batch_norm()), Function::kSigmoid);
  const Value weighted = at.multiply("weighted", features, weight);
  return at.add("sum", at.upsample_like("up", coarse, fine, Resize::kBilinear), weighted);
}

Value build_pan(const Build& build, Value image) {
  const Layers& net = build.net;
  const std::int64_t width = build.channels(kWidths.at(build.size));
  const Features features = encode(build, image);
  Value x = feature_pyramid_attention(build, net.in("pyramid"), features.last(), width);
  for (const std::size_t map : {3, 2, 1}) {
    const Layers at = net.in("up" + std::to_string(map + 1));  // named by the power of two of the stride
    x = global_attention_upsample(build, at, x, features.maps[map], width);
  }
  x = net.conv2d("score", x, {.filters = build.outputs()});
  return net.upsample_like("upsample", x, image, Resize::kBilinear);
}

const ArchitectureRegistration pan{{
    .spec = {.kind = core::PartKind::kArchitecture,
             .name = "pan",
             .summary = "pyramid attention on the last map, with channel attention in the decoder",
             .source = "Li, Xiong, An, Wang: Pyramid Attention Network for Semantic Segmentation, BMVC 2018, "
                       "https://arxiv.org/abs/1805.10180",
             .params = encoder_params("resnet34", 16, decoder_batch_norm_params())},
    .sizes = {{"small", 32}, {"medium", 32}, {"full", 32}},
    .build = build_pan,
}};

}  // namespace
}  // namespace segbench::architectures::pan
