// SPDX-License-Identifier: MIT
#include "architectures/networks/every_network.h"

#include <optional>

#include "architectures/encoders/encoder.h"
#include "harness/core/part.h"

namespace segbench::architectures {
namespace {

using core::Json;

/// The default of the parameter "encoder", or nothing where the architecture has none.
std::optional<Json> default_encoder(const core::PartSpec& architecture) {
  for (const core::ParamSpec& param : architecture.params) {
    if (param.name == "encoder") return *param.default_value;
  }
  return std::nullopt;
}

}  // namespace

NetworkOptions narrow(const std::string& architecture, const std::string& size, const Json& params) {
  return {.architecture = architecture,
          .size = size,
          .width = size == "published" ? 1.0 / 32 : 1.0 / 8,
          .in_channels = 3,
          .num_outputs = 5,
          .image_height = 64,
          .image_width = 64,
          .params = params};
}

std::vector<NetworkOptions> every_network() {
  std::vector<NetworkOptions> all;
  for (const core::PartSpec* spec : core::PartRegistry::instance().all(core::PartKind::kArchitecture)) {
    const std::vector<std::string> sizes = architectures::sizes_of(spec->name);
    for (const std::string& size : sizes) all.push_back(narrow(spec->name, size, Json::object()));
    const std::optional<Json> encoder = default_encoder(*spec);
    if (encoder && encoder->is_null())
      all.push_back(narrow(spec->name, sizes.front(), {{"encoder", "resnet18"}}));
  }
  for (const std::string& name : architectures::encoder_names()) {
    all.push_back(narrow("fcn_torchvision", "full", {{"encoder", name}, {"output_stride", 32}}));
    if (!architectures::encoder(name).dilatable) continue;
    all.push_back(narrow("fcn_torchvision", "full", {{"encoder", name}, {"output_stride", 8}}));
  }
  return all;
}

std::string name_of(const NetworkOptions& options) {
  std::string name = options.architecture + "_" + options.size;
  for (const auto& [key, value] : options.params.items()) {
    name += '_';
    name += value.is_string() ? value.get<std::string>() : value.dump();
  }
  return name;
}

}  // namespace segbench::architectures
