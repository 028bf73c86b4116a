// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "architectures/encoders/encoder.h"
#include "architectures/networks/architecture.h"
#include "architectures/networks/blocks.h"
#include "architectures/networks/encode.h"

// The semantic branch of the panoptic feature pyramid network (Kirillov, Girshick, He, Dollár, CVPR 2019,
// figure 3) on a feature pyramid (Lin et al., CVPR 2017, figure 3): the maps at 1/4 to 1/32 in equal
// channels, each added to the doubled one below it; each brought to 1/4 in steps of convolution, group
// normalisation, ReLU and bilinear doubling; added and scored.

namespace segbench::architectures::fpn {
namespace {

struct Preset {
  int pyramid;  ///< channels of the pyramid
  int branch;   ///< channels of the semantic branch
};

/// full is the papers'.
const std::map<std::string, Preset> kPresets = {
    {"small", {64, 32}}, {"medium", {128, 64}}, {"full", {256, 128}}};

/// The largest number of groups up to 32 that divides the channels and leaves each at least four.
std::int64_t groups_of(std::int64_t channels) {
  for (std::int64_t groups = 32; groups > 1; --groups) {
    if (channels % groups == 0 && channels / groups >= 4) return groups;
  }
  return 1;
}

/// Lin et al.'s pyramid: one map for each of the encoder's at 1/4 to 1/32.
std::vector<Value> feature_pyramid(const Layers& at, const Features& features, std::int64_t channels) {
  std::vector<Value> pyramid(4);
  for (std::size_t level = 4; level-- > 0;) {
    const Layers here = at.in("level" + std::to_string(level + 2));  // P2 to P5 in the paper
    const Value lateral =
        here.conv2d("lateral", features.maps[level + 1], {.filters = channels, .kernel = 1});
    if (level == 3) {
      pyramid[level] = lateral;
    } else {
      const Value above = here.upsample_like("up", pyramid[level + 1], lateral, Resize::kNearest);
      pyramid[level] = here.add("sum", above, lateral);
    }
  }
  return pyramid;
}

/// One map brought to the size at 1/4, a doubling after each of `steps` convolutions that needs one.
Value semantic_branch(const Layers& at, Value x, std::size_t steps, Value quarter, std::int64_t channels) {
  for (std::size_t step = 1; step <= steps; ++step) {
    const Layers here = at.in("step" + std::to_string(step));
    x = here.conv2d("conv", x, bare_conv(channels));
    x = here.relu("relu", here.group_norm("norm", x, {.groups = groups_of(channels)}));
    if (at.shape(x).height < at.shape(quarter).height) x = here.upsample("up", x, 2, Resize::kBilinear);
  }
  return x;
}

Value build_fpn(const Build& build, Value image) {
  const Layers& net = build.net;
  const Preset& preset = kPresets.at(build.size);
  const Features features = encode(build, image);
  const std::vector<Value> pyramid =
      feature_pyramid(net.in("pyramid"), features, build.channels(preset.pyramid));
  Value x;
  for (std::size_t level = 0; level < pyramid.size(); ++level) {
    const Layers at = net.in("branch" + std::to_string(level + 2));
    const std::size_t steps = std::max<std::size_t>(level, 1);
    const Value branch =
        semantic_branch(at, pyramid[level], steps, pyramid[0], build.channels(preset.branch));
    x = level == 0 ? branch : at.add("sum", x, branch);
  }
  x = net.dropout("dropout", x, build.params.at("dropout"));
  x = net.conv2d("score", x, {.filters = build.outputs(), .kernel = 1});
  return net.upsample_like("upsample", x, image, Resize::kBilinear);
}

const ArchitectureRegistration fpn{{
    .spec = {.kind = core::PartKind::kArchitecture,
             .name = "fpn",
             .summary = "feature pyramid network whose levels are merged at 1/4 resolution",
             .source = "Kirillov, Girshick, He, Dollár: Panoptic Feature Pyramid Networks, CVPR 2019, "
                       "https://arxiv.org/abs/1901.02446",
             .params = encoder_params(
                 "resnet34", 32,
                 {dropout_param(
                     0.2, "dropout rate before the last convolution, as in segmentation_models.pytorch")})},
    .sizes = {{"small", 32}, {"medium", 32}, {"full", 32}},
    .build = build_fpn,
}};

}  // namespace
}  // namespace segbench::architectures::fpn
