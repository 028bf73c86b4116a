// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "architectures/encoders/encoder.h"
#include "architectures/networks/architecture.h"
#include "architectures/networks/blocks.h"
#include "architectures/networks/encode.h"

// SegFormer (Xie, Wang, Yu, Anandkumar, Alvarez, Luo, NeurIPS 2021, figure 2): a decoder of nothing but
// linear layers on each pixel. The encoder's maps at 1/4 to 1/32 get equal channels, are brought to 1/4,
// joined, fused and scored. SegFormer-B2 is `encoder = "mit_b2"`; any other encoder works too. Layers are
// named as by the authors.

namespace segbench::architectures::segformer {
namespace {

/// Channels of the decoder: full has the paper's, 256 with MiT-B0 and B1 and 768 with larger encoders.
std::int64_t embedding(const Build& build) {
  const std::string encoder = build.params.at("encoder");
  const int full = encoder == "mit_b0" || encoder == "mit_b1" ? 256 : 768;
  const std::map<std::string, int> divisors = {{"small", 4}, {"medium", 2}, {"full", 1}};
  return build.channels(full / divisors.at(build.size));
}

Value build_segformer(const Build& build, Value image) {
  const Layers& net = build.net;
  const std::int64_t width = embedding(build);
  const Features features = encode(build, image);
  std::vector<Value> parts;
  for (std::size_t map = 4; map >= 1; --map) {
    const std::string level = "linear_c" + std::to_string(map);
    const Value x =
        net.conv2d(level, features.maps[map], {.filters = width, .kernel = 1, .init = Init::kTorchUniform});
    parts.push_back(net.upsample_like("up" + std::to_string(map), x, features.maps[1], Resize::kBilinear));
  }
  Value x = net.concat("concat", parts);
  x = conv_bn_relu(build, net.in("linear_fuse"), x, bare_conv(width, 1));
  x = net.dropout("dropout", x, build.params.at("dropout"));
  x = net.conv2d("linear_pred", x, {.filters = build.outputs(), .kernel = 1});
  return net.upsample_like("upsample", x, image, Resize::kBilinear);
}

const ArchitectureRegistration segformer{{
    .spec =
        {.kind = core::PartKind::kArchitecture,
         .name = "segformer",
         .summary = "hierarchical transformer encoder with an all-MLP decoder",
         .source =
             "Xie, Wang, Yu, Anandkumar, Alvarez, Luo: SegFormer: Simple and Efficient Design for Semantic "
             "Segmentation with Transformers, NeurIPS 2021, https://arxiv.org/abs/2105.15203",
         .params = encoder_params(
             "mit_b0", 32,
             decoder_batch_norm_params({dropout_param(0.1, "dropout rate before the last convolution")}))},
    .sizes = {{"small", 32}, {"medium", 32}, {"full", 32}},
    .build = build_segformer,
}};

}  // namespace
}  // namespace segbench::architectures::segformer
