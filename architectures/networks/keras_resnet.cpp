// SPDX-License-Identifier: MIT
#include "architectures/networks/keras_resnet.h"

#include <array>
#include <map>
#include <string>

namespace segbench::architectures {
namespace {

constexpr BatchNorm kNorm{.momentum = 0.99, .epsilon = 2e-5};

struct Config {
  std::array<int, 4> units;
  bool bottleneck;
};
const std::map<std::string, Config>& configs() {
  static const std::map<std::string, Config> kConfigs = {{"resnet18", {{2, 2, 2, 2}, false}},
                                                         {"resnet34", {{3, 4, 6, 3}, false}},
                                                         {"resnet50", {{3, 4, 6, 3}, true}},
                                                         {"resnet101", {{3, 4, 23, 3}, true}}};
  return kConfigs;
}

/// Appends to "encoder."; one layer after the other.
struct Writer {
  Layers at;

  Value conv(const std::string& name, Value x, std::int64_t filters, int kernel, int stride = 1) const {
    if (kernel > 1) x = at.zero_pad(name + "_pad", x, kernel / 2);
    return at.conv2d(name, x,
                     {.filters = filters,
                      .kernel = kernel,
                      .stride = stride,
                      .padding = Padding::kValid,
                      .bias = false,
                      .init = Init::kHeUniform});
  }
  Value norm_relu(const std::string& norm, const std::string& relu, Value x) const {
    return at.relu(relu, at.batch_norm(norm, x, kNorm));
  }
};

/// The unit's residual, from its first activation on.
Value residual(const Writer& write, const std::string& name, Value x, std::int64_t filters, int stride,
               bool bottleneck) {
  if (!bottleneck) {
    x = write.conv(name + "_conv1", x, filters, 3, stride);
    return write.conv(name + "_conv2", write.norm_relu(name + "_bn2", name + "_relu2", x), filters, 3);
  }
  x = write.conv(name + "_conv1", x, filters, 1);
  x = write.conv(name + "_conv2", write.norm_relu(name + "_bn2", name + "_relu2", x), filters, 3, stride);
  return write.conv(name + "_conv3", write.norm_relu(name + "_bn3", name + "_relu3", x), filters * 4, 1);
}

}  // namespace

core::ParamSpec keras_resnet_param() {
  std::vector<std::string> names;
  for (const auto& [name, config] : configs()) names.push_back(name);
  return {.name = "backbone",
          .types = core::kString,
          .default_value = "resnet50",
          .help = "the encoder, a pre-activation ResNet",
          .minimum = {},
          .maximum = {},
          .choices = names};
}

KerasResNet keras_resnet(const Build& build, Value image, int until) {
  const Config& config = configs().at(build.params.at("backbone").get<std::string>());
  const Writer write{build.net.in("encoder")};
  KerasResNet found;
  Value x = write.at.batch_norm("bn_data", image, {.momentum = 0.99, .epsilon = 2e-5, .scale = false});
  x = write.norm_relu("bn0", "relu0", write.conv("conv0", x, build.channels(64), 7, 2));
  found.skips.push_back(x);
  x = write.at.max_pool("pooling0", write.at.zero_pad("pooling0_pad", x, 1), {.kernel = 3, .stride = 2});
  for (int stage = 1; stage <= 4; ++stage) {
    const std::int64_t filters = build.channels(64 << (stage - 1));
    for (int unit = 1; unit <= config.units[static_cast<std::size_t>(stage - 1)]; ++unit) {
      const std::string name = "stage" + std::to_string(stage) + "_unit" + std::to_string(unit);
      const int stride = unit == 1 && stage > 1 ? 2 : 1;
      const Value activated = write.norm_relu(name + "_bn1", name + "_relu1", x);
      if (unit == 1 && stage == until) {
        found.coarsest = activated;
        return found;
      }
      if (unit == 1 && stage > 1) found.skips.push_back(activated);
      // The first unit of a stage projects what it activated, the others pass on what they were given.
      if (unit == 1)
        x = write.conv(name + "_sc", activated, config.bottleneck ? filters * 4 : filters, 1, stride);
      x = write.at.add(name + "_add", residual(write, name, activated, filters, stride, config.bottleneck),
                       x);
    }
  }
  found.coarsest = write.norm_relu("bn1", "relu1", x);
  return found;
}

}  // namespace segbench::architectures
