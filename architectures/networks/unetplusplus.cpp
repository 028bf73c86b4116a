// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include "architectures/encoders/encoder.h"
#include "architectures/networks/architecture.h"
#include "architectures/networks/blocks.h"
#include "architectures/networks/encode.h"

// UNet++ (Zhou, Siddiquee, Tajbakhsh, Liang, DLMIA 2018, figure 1): between encoder and decoder stands a
// triangle of nodes; the node X(i, j) joins all X(i, 0 … j-1) of its resolution with X(i+1, j-1) from below,
// up-sampled. Nodes inside have the channels of the encoder's map X(i, 0), the last one of each resolution
// the decoder's, as in segmentation_models.pytorch; a last stage without a map brings the image's size.

namespace segbench::architectures::unetplusplus {
namespace {

Value build_unetplusplus(const Build& build, Value image) {
  const std::vector<std::int64_t> channels = decoder_channels(build);
  const Features features = encode(build, image);
  std::vector<std::vector<Value>> nodes;  // nodes[i][j] is X(i, j), i = 0 at 1/2
  for (const Value map : features.maps) nodes.push_back({map});
  for (std::size_t j = 1; j <= 4; ++j) {
    for (std::size_t i = 0; i + j <= 4; ++i) {
      const Value map = features.maps[i];
      const bool inside = i + j < 4 && exists(map);
      const std::int64_t filters = inside ? build.net.shape(map).channels : channels[3 - i];
      const Layers at = build.net.in("node" + std::to_string(i) + std::to_string(j));
      const Value joined = join(at, nodes[i + 1][j - 1], map, nodes[i]);
      nodes[i].push_back(double_conv(build, at, joined, filters));
    }
  }
  const Layers last = build.net.in("last");
  const Value x = double_conv(build, last, join(last, nodes[0].back(), image, {}), channels[4]);
  return build.net.conv2d("head", x, {.filters = build.outputs()});
}

const ArchitectureRegistration unetplusplus{{
    .spec = {.kind = core::PartKind::kArchitecture,
             .name = "unetplusplus",
             .summary = "U-Net with nested, dense skip connections",
             .source =
                 "Zhou, Siddiquee, Tajbakhsh, Liang: UNet++: A Nested U-Net Architecture for Medical Image "
                 "Segmentation, DLMIA 2018, https://arxiv.org/abs/1807.10165",
             .params = encoder_params("resnet34", 32, decoder_batch_norm_params())},
    .sizes = {{"small", 32}, {"medium", 32}, {"full", 32}},
    .build = build_unetplusplus,
}};

}  // namespace
}  // namespace segbench::architectures::unetplusplus
