// SPDX-License-Identifier: MIT
#include <map>
#include <string>
#include <vector>

#include "architectures/encoders/encoder.h"
#include "architectures/networks/architecture.h"
#include "architectures/networks/blocks.h"
#include "architectures/networks/encode.h"

// U-Net (Ronneberger, Fischer, Brox, MICCAI 2015, figure 1) with "same" padding, in the form of the VOC
// course study: two 3x3 convolutions with ReLU a stage, in the encoder and the bottleneck each followed by
// batch normalisation; 2x2 max pooling down, transposed 2x2 convolutions up; He normal weights in the
// encoder, Glorot uniform elsewhere. With `encoder` set, the decoder that segmentation_models.pytorch made
// customary: five stages of nearest up-sampling, the encoder's map where there is one, and two 3x3
// convolutions with batch normalisation and ReLU.

namespace segbench::architectures::unet {
namespace {

/// Channels of the stages from full resolution downwards; the last one is the bottleneck.
const std::map<std::string, std::vector<int>> kWidths = {
    {"small", {64, 128, 512}},
    {"medium", {64, 128, 256, 512}},
    {"full", {64, 128, 256, 512, 1024}},
};

Value contracting_stage(const Build& build, const Layers& at, Value x, std::int64_t filters, Init init) {
  const Conv2d conv{.filters = filters, .init = init};
  x = at.batch_norm("bn1", conv_relu(at, "conv1", x, conv), build.batch_norm());
  return at.batch_norm("bn2", conv_relu(at, "conv2", x, conv), build.batch_norm());
}

Value expanding_stage(const Layers& at, Value x, Value skip, std::int64_t filters) {
  x = at.conv_transpose2d("up", x, {.filters = filters});
  x = at.concat("concat", {x, skip});
  x = conv_relu(at, "conv1", x, {.filters = filters});
  return conv_relu(at, "conv2", x, {.filters = filters});
}

Value on_encoder(const Build& build, Value image) {
  const Value decoded = unet_on_encoder(build, image, [&](const Layers& at, Value x, std::int64_t filters) {
    return double_conv(build, at, x, filters);
  });
  return build.net.conv2d("head", decoded, {.filters = build.outputs()});
}

Value build_unet(const Build& build, Value x) {
  if (has_encoder(build)) return on_encoder(build, x);
  const std::vector<int>& widths = kWidths.at(build.size);
  const std::size_t depth = widths.size() - 1;
  const auto name = [](const char* part, std::size_t level) { return part + std::to_string(level + 1); };
  std::vector<Value> skips;
  for (std::size_t level = 0; level < depth; ++level) {
    const Layers at = build.net.in(name("encoder", level));
    skips.push_back(contracting_stage(build, at, x, build.channels(widths[level]), Init::kHeNormal));
    x = at.max_pool("pool", skips.back());
  }
  x = contracting_stage(build, build.net.in("bottleneck"), x, build.channels(widths[depth]),
                        Init::kGlorotUniform);
  for (std::size_t level = depth; level-- > 0;) {
    x = expanding_stage(build.net.in(name("decoder", level)), x, skips[level], build.channels(widths[level]));
  }
  return build.net.conv2d("head", x, {.filters = build.outputs(), .kernel = 1});
}

const ArchitectureRegistration unet{{
    .spec =
        {.kind = core::PartKind::kArchitecture,
         .name = "unet",
         .summary = "encoder and decoder with skip connections at every resolution",
         .source =
             "Ronneberger, Fischer, Brox: U-Net: Convolutional Networks for Biomedical Image Segmentation, "
             "MICCAI 2015, https://arxiv.org/abs/1505.04597",
         .params = encoder_params(core::Json(), 32, decoder_batch_norm_params())},
    .sizes = {{"small", 4}, {"medium", 8}, {"full", 16}},
    .build = build_unet,
}};

}  // namespace
}  // namespace segbench::architectures::unet
