// SPDX-License-Identifier: MIT
#include <map>
#include <string>
#include <vector>

#include "architectures/encoders/encoder.h"
#include "architectures/networks/architecture.h"
#include "architectures/networks/blocks.h"
#include "architectures/networks/encode.h"

// SegNet (Badrinarayanan, Kendall, Cipolla, IEEE TPAMI 2017, figures 2 and 3): each of VGG-16's five poolings
// is undone by putting values where the pooling found its maxima, and the gaps are filled by as many
// convolutions with batch normalisation and ReLU as the encoder has there. No map of the encoder is joined.

namespace segbench::architectures::segnet {
namespace {

/// Convolutions of the stages from 1/16 to full resolution; full mirrors VGG-16, as the paper does.
const std::map<std::string, std::vector<int>> kConvolutions = {
    {"small", {1, 1, 1, 1, 1}},
    {"medium", {2, 2, 2, 1, 1}},
    {"full", {3, 3, 3, 2, 2}},
};

Value build_segnet(const Build& build, Value image) {
  const Layers& net = build.net;
  const std::vector<int>& convolutions = kConvolutions.at(build.size);
  const Features features = encode(build, image);
  const std::vector<Value> pooled = {features.maps[3], features.maps[2], features.maps[1], features.maps[0],
                                     features.full};
  Value x = features.last();
  for (std::size_t stage = 0; stage < pooled.size(); ++stage) {
    const Layers at = net.in("decoder" + std::to_string(stage + 1));
    x = at.max_unpool("unpool", x, pooled[stage]);
    // The last convolution makes what the next unpooling scatters; at full resolution the scores take its
    // place.
    const bool last = stage + 1 == pooled.size();
    const int hidden = convolutions[stage] - (last ? 1 : 0);
    for (int i = 1; i <= hidden; ++i) {
      const bool narrows = i == convolutions[stage];
      const std::int64_t filters = net.shape(narrows ? pooled[stage + 1] : pooled[stage]).channels;
      x = conv_bn_relu(build, at.in(std::to_string(i)), x, {.filters = filters, .init = Init::kHeNormal});
    }
  }
  return net.conv2d("score", x, {.filters = build.outputs()});
}

/// Max-unpooling needs an encoder that halves by max pooling alone.
std::vector<core::ParamSpec> params() {
  std::vector<core::ParamSpec> params = encoder_params("vgg16_bn", 32, decoder_batch_norm_params());
  params[0].choices_of.reset();
  params[0].choices = {"vgg16", "vgg16_bn"};
  params[0].help += "; it must downsample by max pooling only";
  params[1].minimum = 32;
  return params;
}

const ArchitectureRegistration segnet{{
    .spec =
        {.kind = core::PartKind::kArchitecture,
         .name = "segnet",
         .summary = "encoder-decoder that upsamples with the max-pooling indices of its encoder",
         .source =
             "Badrinarayanan, Kendall, Cipolla: SegNet: A Deep Convolutional Encoder-Decoder Architecture "
             "for Image Segmentation, IEEE TPAMI 39(12), 2017, https://arxiv.org/abs/1511.00561",
         .params = params()},
    .sizes = {{"small", 32}, {"medium", 32}, {"full", 32}},
    .build = build_segnet,
}};

}  // namespace
}  // namespace segbench::architectures::segnet
