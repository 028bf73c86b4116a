// SPDX-License-Identifier: MIT
#include "harness/core/identity.h"

namespace segbench::core {
namespace {

// What a value is when nobody speaks of it, as of 2026-11-28. Never change or remove one: every stored id
// depends on it, and a default that changes later is not changed here, so that what was computed with the old
// one keeps its id. Add what is new: of a new parameter, the value that does what was done without it.
constexpr const char* kFrozenBase = R"json({
"data": {"allow_overlap": false, "channels": 3, "normalise": "unit_range", "orientation": "ignore", "split_seed": 0},
"model": {"size": "full", "width": 1.0},
"training": {"batch_norm_statistics": "moving", "evaluate_every": 1, "select": "best",
             "select_by": "miou_no_background"},
"architecture": {
  "attention_unet": {"batch_norm_epsilon": 0.001, "batch_norm_momentum": 0.9, "encoder": null,
  "encoder_drop_path": null, "output_stride": 32},
  "deeplabv3": {"atrous_rates": [12, 24, 36], "dropout": 0.5, "encoder": "resnet50", "encoder_drop_path":
  null, "output_stride": 8},
  "deeplabv3plus": {"atrous_rates": [6, 12, 18], "batch_norm_epsilon": 1e-05, "batch_norm_momentum": 0.9,
  "dropout": 0.5, "encoder": "resnet34", "encoder_drop_path": null, "output_stride": 16},
  "fcn": {"dropout": 0.5, "output_relu": false, "upsampling": "nearest"},
  "fcn16s": {"dropout": 0.5, "encoder": "vgg16", "encoder_drop_path": null, "fully_connected": true,
  "output_stride": 32},
  "fcn32s": {"dropout": 0.5, "encoder": "vgg16", "encoder_drop_path": null, "fully_connected": true,
  "output_stride": 32},
  "fcn8s": {"dropout": 0.5, "encoder": "vgg16", "encoder_drop_path": null, "fully_connected": true,
  "output_stride": 32},
  "fcn_torchvision": {"dropout": 0.1, "encoder": "resnet50", "encoder_drop_path": null, "output_stride": 8},
  "fpn": {"dropout": 0.2, "encoder": "resnet34", "encoder_drop_path": null, "output_stride": 32},
  "linknet": {"batch_norm_epsilon": 1e-05, "batch_norm_momentum": 0.9, "encoder": "resnet34",
  "encoder_drop_path": null, "output_stride": 32},
  "lraspp": {"encoder": "mobilenet_v3_large", "encoder_drop_path": null, "output_stride": 16},
  "mobilenetv2_unet_keras": {"batch_norm_epsilon": 0.001, "batch_norm_momentum": 0.99},
  "pan": {"batch_norm_epsilon": 1e-05, "batch_norm_momentum": 0.9, "encoder": "resnet34",
  "encoder_drop_path": null, "output_stride": 16},
  "pspnet": {"batch_norm_epsilon": 0.001, "batch_norm_momentum": 0.9, "dropout": 0.1, "encoder": null,
  "encoder_drop_path": null, "output_stride": 8},
  "resnet_pspnet_keras": {"backbone": "resnet50", "batch_norm_epsilon": 0.001, "batch_norm_momentum": 0.99},
  "resnet_unet_keras": {"backbone": "resnet50", "batch_norm_epsilon": 0.001, "batch_norm_momentum": 0.99},
  "resunet": {"batch_norm_epsilon": 0.001, "batch_norm_momentum": 0.9, "dropout": 0.0, "encoder": null,
  "encoder_drop_path": null, "output_stride": 32},
  "segformer": {"batch_norm_epsilon": 1e-05, "batch_norm_momentum": 0.9, "dropout": 0.1, "encoder":
  "mit_b0", "encoder_drop_path": 0.1, "output_stride": 32},
  "segnet": {"batch_norm_epsilon": 1e-05, "batch_norm_momentum": 0.9, "encoder": "vgg16_bn",
  "encoder_drop_path": null, "output_stride": 32},
  "unet": {"batch_norm_epsilon": 0.001, "batch_norm_momentum": 0.9, "encoder": null, "encoder_drop_path":
  null, "output_stride": 32},
  "unetplusplus": {"batch_norm_epsilon": 1e-05, "batch_norm_momentum": 0.9, "encoder": "resnet34",
  "encoder_drop_path": null, "output_stride": 32},
  "upernet": {"batch_norm_epsilon": 1e-05, "batch_norm_momentum": 0.9, "dropout": 0.1, "encoder":
  "resnet34", "encoder_drop_path": null, "output_stride": 32}
},
"loss": {
  "binary_cross_entropy": {"class_weights": "none", "clip": 0.0, "weight_normalisation": "weights"},
  "cross_entropy": {"class_weights": "none", "clip": 0.0, "weight_normalisation": "weights"}
},
"optimizer": {
  "adam": {"beta1": 0.9, "beta2": 0.999, "convention": "keras", "decay": 0.0, "epsilon": 1e-07,
  "learning_rate": 0.001},
  "adamax": {"beta1": 0.9, "beta2": 0.999, "convention": "keras", "decay": 0.0, "epsilon": 1e-07,
  "learning_rate": 0.001},
  "sgd": {"convention": "keras", "decay": 0.0, "learning_rate": 0.01, "momentum": 0.0, "nesterov": false}
},
"augmentation": {
  "horizontal_flip": {"probability": 0.5},
  "vertical_flip": {"probability": 0.5}
},
"data set": {
  "camvid": {"allow_absent_classes": false},
  "folders": {"allow_absent_classes": false, "background": null, "class_colours": null, "image_suffix": "",
  "images": "images", "mask_suffix": "", "mask_values": null, "masks": "masks", "void_colours": [], "void_values": []},
  "shapes": {"colour_cue": 0.0, "data_seed": 1, "difficulty": 0.5, "noise": 0.06, "selection_images": 32, "test_images": 48,
  "train_images": 96},
  "voc2012": {"allow_absent_classes": false, "masks": "SegmentationClass"}
}
})json";

}  // namespace

const Json& frozen_base() {
  static const Json kBase = Json::parse(kFrozenBase);
  return kBase;
}

}  // namespace segbench::core
