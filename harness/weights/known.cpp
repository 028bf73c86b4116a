// SPDX-License-Identifier: MIT
#include "harness/weights/known.h"

#include <algorithm>
#include <cstdlib>

#include "harness/core/error.h"

namespace segbench::weights {
namespace {

constexpr const char* kTorchvision = "https://download.pytorch.org/models/";
constexpr const char* kImageNet = "ImageNet-1k classifier of torchvision";
constexpr const char* kImageNet2 = "ImageNet-1k classifier of torchvision, longer recipe (V2)";
constexpr const char* kSegmentation =
    "segmentation network of torchvision, COCO images with the 21 classes of Pascal VOC";

struct Entry {
  const char *name, *file, *summary;
};

/// Names and files as torchvision's weight enumerations tell them (torchvision/models/*.py, BSD 3-clause).
constexpr Entry kEntries[] = {
    {"deeplabv3_mobilenet_v3_large", "deeplabv3_mobilenet_v3_large-fc3c493d.pth", kSegmentation},
    {"deeplabv3_resnet101", "deeplabv3_resnet101_coco-586e9e4e.pth", kSegmentation},
    {"deeplabv3_resnet50", "deeplabv3_resnet50_coco-cd0a2569.pth", kSegmentation},
    {"efficientnet_b0", "efficientnet_b0_rwightman-3dd342df.pth", kImageNet},
    {"fcn_resnet101", "fcn_resnet101_coco-7ecb50ca.pth", kSegmentation},
    {"fcn_resnet50", "fcn_resnet50_coco-1167a1af.pth", kSegmentation},
    {"mobilenet_v2", "mobilenet_v2-b0353104.pth", kImageNet},
    {"mobilenet_v2.v2", "mobilenet_v2-7ebf99e0.pth", kImageNet2},
    {"mobilenet_v3_large", "mobilenet_v3_large-8738ca79.pth", kImageNet},
    {"mobilenet_v3_large.v2", "mobilenet_v3_large-5c1a4163.pth", kImageNet2},
    {"resnet101", "resnet101-63fe2227.pth", kImageNet},
    {"resnet101.v2", "resnet101-cd907fc2.pth", kImageNet2},
    {"resnet18", "resnet18-f37072fd.pth", kImageNet},
    {"resnet34", "resnet34-b627a593.pth", kImageNet},
    {"resnet50", "resnet50-0676ba61.pth", kImageNet},
    {"resnet50.v2", "resnet50-11ad3fa6.pth", kImageNet2},
    {"resnext50_32x4d", "resnext50_32x4d-7cdf4587.pth", kImageNet},
    {"resnext50_32x4d.v2", "resnext50_32x4d-1a0047aa.pth", kImageNet2},
    {"vgg16", "vgg16-397923af.pth", kImageNet},
    {"vgg16_bn", "vgg16_bn-6c64b313.pth", kImageNet},
};

const char* variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : nullptr;
}

}  // namespace

const std::vector<KnownWeights>& known_weights() {
  static const std::vector<KnownWeights> kKnown = [] {
    std::vector<KnownWeights> known;
    for (const Entry& entry : kEntries) {
      known.push_back({entry.name, entry.file, std::string(kTorchvision) + entry.file, entry.summary});
    }
    return known;
  }();
  return kKnown;
}

const KnownWeights* find_known(const std::string& name_or_file) {
  const std::vector<KnownWeights>& known = known_weights();
  const auto found = std::find_if(known.begin(), known.end(), [&](const KnownWeights& weights) {
    return weights.name == name_or_file || weights.file == name_or_file;
  });
  return found == known.end() ? nullptr : &*found;
}

std::filesystem::path weights_folder() {
  const std::filesystem::path below = std::filesystem::path("segbench") / "weights";
  if (const char* cache = variable("XDG_CACHE_HOME")) return cache / below;
  if (const char* home = variable("HOME")) return std::filesystem::path(home) / ".cache" / below;
  throw core::UserError(
      "neither XDG_CACHE_HOME nor HOME is set, so there is no folder of downloaded weights");
}

}  // namespace segbench::weights
