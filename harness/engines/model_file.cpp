// SPDX-License-Identifier: MIT
#include "harness/engines/model_file.h"

#include <fmt/format.h>

#include "harness/core/error.h"
#include "harness/core/json_problem.h"

namespace segbench::engines {
namespace {

using architectures::NetworkOptions;
using core::Json;

constexpr const char* kFormat = "segbench network 1";

}  // namespace

Json to_json(const NetworkOptions& network) {
  return {{"architecture", network.architecture},
          {"size", network.size},
          {"width", network.width},
          {"in_channels", network.in_channels},
          {"num_outputs", network.num_outputs},
          {"height", network.image_height},
          {"width_pixels", network.image_width},
          {"params", network.params}};
}

NetworkOptions network_options_from_json(const Json& json) {
  return {.architecture = json.at("architecture"),
          .size = json.at("size"),
          .width = json.at("width"),
          .in_channels = json.at("in_channels"),
          .num_outputs = json.at("num_outputs"),
          .image_height = json.at("height"),
          .image_width = json.at("width_pixels"),
          .params = json.at("params")};
}

void write_model_file(const std::filesystem::path& file, const NetworkOptions& network,
                      const architectures::Graph& graph, const architectures::Weights& weights) {
  std::vector<core::TensorBytes> tensors;
  for (const architectures::Node& node : graph.nodes()) {
    for (const architectures::TensorSpec& spec : node.tensors)
      tensors.push_back({node.name + "." + spec.name, "F32", spec.shape,
                         architectures::tensor_bytes(weights, node, spec.name)});
  }
  core::write_safetensors(file, tensors, {{"format", kFormat}, {"network", to_json(network).dump()}});
}

ModelFile::ModelFile(const std::filesystem::path& file) try : file_(file) {
  const auto& metadata = file_.metadata();
  const auto format = metadata.find("format"), network = metadata.find("network");
  if (format == metadata.end() || format->second != kFormat || network == metadata.end())
    throw core::UserError(fmt::format("{}: not a network that segbench profile wrote", file.string()));
  network_ = network_options_from_json(Json::parse(network->second));
  for (const auto& [name, entry] : file_.entries()) weights_[name] = entry.data;
} catch (const Json::exception& error) {
  throw core::UserError(fmt::format("{}: its metadata: {}", file.string(), core::json_problem(error)));
}

}  // namespace segbench::engines
