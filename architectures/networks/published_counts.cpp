// SPDX-License-Identifier: MIT
#include "architectures/networks/published_counts.h"

#include <fmt/format.h>

#include "architectures/encoders/encoder.h"

namespace segbench::architectures {
namespace {

constexpr const char* kCourse = "the VOC course study's Keras summaries";
constexpr const char* kPets = "the Oxford-IIIT Pet study's Keras summary; TensorFlow's segmentation tutorial";
constexpr const char* kModels = "segmentation_models (Keras), model.summary()";
constexpr const char* kTorchvision = "torchvision 0.14.1, sum of numel() over parameters()";
constexpr const char* kWithoutHead =
    "torchvision 0.14.1, sum of numel() over parameters(), classifier left out";

PublishedCount course(const char* architecture, const char* size, std::int64_t total,
                      std::int64_t trainable) {
  return {.network = {.architecture = architecture, .size = size},
          .total = total,
          .trainable = trainable,
          .source = kCourse};
}

PublishedCount pets(const core::Json& freeze, std::int64_t trainable) {
  return {.network = {.architecture = "mobilenetv2_unet_keras", .num_outputs = 3, .freeze = freeze},
          .total = 6504227,
          .trainable = trainable,
          .source = kPets};
}

PublishedCount keras_unet(const char* backbone, const core::Json& freeze, std::int64_t total,
                          std::int64_t trainable) {
  return {.network = {.architecture = "resnet_unet_keras",
                      .num_outputs = 1,
                      .params = {{"backbone", backbone}},
                      .freeze = freeze},
          .total = total,
          .trainable = trainable,
          .source = kModels};
}

PublishedCount torchvision(const char* architecture, const core::Json& params, std::int64_t parameters) {
  return {.network = {.architecture = architecture, .params = params},
          .trainable = parameters,
          .source = kTorchvision};
}

/// With ResNet-34 and one class.
PublishedCount smp(const char* architecture, const core::Json& params, const char* name,
                   std::int64_t parameters) {
  return {.network = {.architecture = architecture, .num_outputs = 1, .params = params},
          .trainable = parameters,
          .source = fmt::format("segmentation_models.pytorch, sum of numel() over parameters() of {}", name)};
}

PublishedCount encoder_alone(const char* name, std::int64_t parameters) {
  return {.network = {}, .encoder = name, .trainable = parameters, .source = kWithoutHead};
}

}  // namespace

const std::vector<PublishedCount>& published_counts() {
  static const core::Json kNone = core::Json::object();
  static const std::vector<PublishedCount> kCounts = {
      course("fcn", "full", 34397525, 34397525),
      course("unet", "full", 31048917, 31040981),
      course("unet", "medium", 7706325, 7702485),
      course("unet", "small", 4065749, 4062933),
      course("resunet", "published", 401564629, 401505877),
      course("pspnet", "published", 3365781, 3358741),
      pets("encoder", 4660323),
      pets(nullptr, 6471395),
      keras_unet("resnet50", nullptr, 32561114, 32513556),
      keras_unet("resnet50", "encoder_but_batch_norm", 32561114, 9058644),
      keras_unet("resnet34", nullptr, 24456154, 24438804),
      torchvision("fcn_torchvision", kNone, 32957013),
      torchvision("deeplabv3", kNone, 39638869),
      torchvision("deeplabv3", {{"encoder", "mobilenet_v3_large"}, {"output_stride", 16}}, 11025477),
      torchvision("lraspp", kNone, 3221538),
      smp("unet", {{"encoder", "resnet34"}}, "Unet", 24436369),
      smp("unetplusplus", kNone, "UnetPlusPlus", 26078609),
      smp("linknet", kNone, "Linknet", 21771937),
      smp("fpn", kNone, "FPN", 23155393),
      smp("deeplabv3plus", kNone, "DeepLabV3Plus", 22437457),
      smp("pan", kNone, "PAN", 21475816),
      encoder_alone("resnet18", 11176512),
      encoder_alone("resnet34", 21284672),
      encoder_alone("resnet50", 23508032),
      encoder_alone("resnet101", 42500160),
      encoder_alone("resnext50_32x4d", 22979904),
      encoder_alone("vgg16", 14714688),
      encoder_alone("vgg16_bn", 14723136),
      encoder_alone("mobilenet_v2", 2223872),
      encoder_alone("mobilenet_v3_large", 2971952),
      encoder_alone("efficientnet_b0", 4007548),
  };
  return kCounts;
}

std::string name_of(const PublishedCount& count) {
  if (!count.encoder.empty()) return "encoder " + count.encoder;
  std::string name = fmt::format("{} {}", count.network.architecture, count.network.size);
  for (const auto& [key, value] : count.network.params.items()) {
    name += fmt::format(", {} {}", key, value.is_string() ? value.get<std::string>() : value.dump());
  }
  name +=
      fmt::format(", {} {}", count.network.num_outputs, count.network.num_outputs == 1 ? "class" : "classes");
  if (count.network.freeze.is_string()) name += ", frozen: " + count.network.freeze.get<std::string>();
  return name;
}

NetworkSummary summarise(const PublishedCount& count) {
  if (!count.encoder.empty()) return summarise(encoder_graph(count.encoder, {3, 64, 64}).graph);
  return summarise(count.network);
}

}  // namespace segbench::architectures
