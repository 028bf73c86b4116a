// SPDX-License-Identifier: MIT
#include "harness/cli/export_onnx.h"

#include <fmt/format.h>

#include <map>
#include <string>

#include "architectures/networks/architecture.h"
#include "architectures/onnx/writer.h"
#include "harness/core/error.h"
#include "harness/core/json_problem.h"
#include "harness/core/normalise.h"
#include "harness/core/pixel_range.h"
#include "harness/core/safetensors.h"
#include "harness/run/estimate.h"

namespace segbench::cli {
namespace {

using core::Json;

architectures::NetworkOptions network_of(const core::VariantConfig& variant, const Json& input) {
  const architectures::NetworkOptions options =
      run::network_options_of(variant, {.height = input.at("height"),
                                        .width = input.at("width"),
                                        .classes = static_cast<int>(input.at("classes").size())});
  if (architectures::is_read_from_file(options.architecture)) {
    throw core::UserError(
        fmt::format("a {} network has no layers of its own that could be written as ONNX: its file, "
                    "model.file, is what others "
                    "read",
                    options.architecture));
  }
  return options;
}

/// How pixels become the input, and what the outputs mean.
std::map<std::string, std::string> metadata_of(const core::VariantConfig& variant, const Json& input,
                                               const std::map<std::string, std::string>& weights) {
  const core::Normalisation normalisation =
      core::normalisation(variant.data.normalise, input.at("channels").get<std::int64_t>());
  std::map<std::string, std::string> metadata = {
      {"classes", input.at("classes").dump()},
      {"normalisation", Json{{"name", variant.data.normalise},
                             {"scale", normalisation.scale},
                             {"shift", normalisation.shift},
                             {"source", normalisation.source}}
                            .dump()},
      {"range", core::to_json(core::pixel_range_from_json(input)).dump()}};
  for (const char* key : {"trial_id", "variant_id", "variant_label", "study", "seed", "epoch", "architecture",
                          "weights_sha256"}) {
    if (const auto found = weights.find(key); found != weights.end()) metadata.insert(*found);
  }
  return metadata;
}

architectures::Weights weights_of(const core::SafetensorsFile& file) {
  architectures::Weights weights;
  for (const auto& [name, entry] : file.entries()) {
    if (entry.dtype == "F32") weights[name] = entry.data;
  }
  return weights;
}

}  // namespace

void export_onnx(const std::filesystem::path& weights, const std::filesystem::path& target) try {
  const core::SafetensorsFile file(weights);
  const core::VariantConfig variant =
      core::variant_config_from_json(Json::parse(file.metadata().at("variant")));
  const Json input = Json::parse(file.metadata().at("input"));
  const architectures::Graph graph = architectures::build_graph(network_of(variant, input));
  const architectures::Weights tensors = weights_of(file);
  architectures::onnx::write_model(
      target, architectures::onnx::onnx_model(graph, tensors,
                                              {.name = file.metadata().at("variant_label"),
                                               .metadata = metadata_of(variant, input, file.metadata())}));
} catch (const Json::exception& error) {
  throw core::UserError(
      fmt::format("{}: its metadata are damaged: {}", weights.string(), core::json_problem(error)));
} catch (const std::out_of_range&) {
  throw core::UserError(fmt::format("{}: its metadata do not say what the network is", weights.string()));
}

}  // namespace segbench::cli
