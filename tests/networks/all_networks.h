// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "architectures/encoders/encoder.h"
#include "architectures/torch/network.h"
#include "harness/core/part.h"

namespace segbench::architectures::tests {

inline NetworkOptions narrow(const std::string& architecture, const std::string& size,
                             const core::Json& params) {
  return {.architecture = architecture,
          .size = size,
          .width = size == "published" ? 1.0 / 32 : 1.0 / 8,
          .in_channels = 3,
          .num_outputs = 5,
          .image_height = 64,
          .image_width = 64,
          .params = params};
}

/// The default of the parameter "encoder", or nothing where the architecture has none.
inline std::optional<core::Json> default_encoder(const core::PartSpec& architecture) {
  for (const core::ParamSpec& param : architecture.params) {
    if (param.name == "encoder") return *param.default_value;
  }
  return std::nullopt;
}

/// Every size of every registered architecture, those with an encoder of their own on another one too, and
/// every encoder below torchvision's FCN, at output stride 32 and dilated; narrow enough to be quick. A new
/// one is tested without editing a test.
inline std::vector<NetworkOptions> all_networks() {
  std::vector<NetworkOptions> all;
  for (const core::PartSpec* spec : core::PartRegistry::instance().all(core::PartKind::kArchitecture)) {
    const std::vector<std::string> sizes = sizes_of(spec->name);
    for (const std::string& size : sizes) all.push_back(narrow(spec->name, size, core::Json::object()));
    const std::optional<core::Json> encoder = default_encoder(*spec);
    if (encoder && encoder->is_null())
      all.push_back(narrow(spec->name, sizes.front(), {{"encoder", "resnet18"}}));
  }
  for (const std::string& name : encoder_names()) {
    all.push_back(narrow("fcn_torchvision", "full", {{"encoder", name}, {"output_stride", 32}}));
    if (!encoder(name).dilatable) continue;
    all.push_back(narrow("fcn_torchvision", "full", {{"encoder", name}, {"output_stride", 8}}));
  }
  return all;
}

/// Images with values like normalised photographs', always the same ones.
inline torch::Tensor images(std::int64_t n, const NetworkOptions& options) {
  const auto count = n * options.in_channels * options.image_height * options.image_width;
  const torch::Tensor ramp = torch::arange(count, torch::kFloat64);
  return torch::sin(ramp * 12.9898)
      .mul(43758.5453)
      .frac()
      .to(torch::kFloat32)
      .view({n, options.in_channels, options.image_height, options.image_width});
}

/// A number that depends on every logit differently, to differentiate.
inline torch::Tensor scalar_of(const torch::Tensor& logits) {
  const torch::Tensor weights = torch::cos(torch::arange(logits.numel(), logits.options()) * 0.37);
  return (logits.reshape({-1}) * weights).sum();
}

inline std::string name_of(const NetworkOptions& options) {
  std::string name = options.architecture + "_" + options.size;
  for (const auto& [key, value] : options.params.items()) {
    name += '_';
    name += value.is_string() ? value.get<std::string>() : value.dump();
  }
  return name;
}

}  // namespace segbench::architectures::tests
