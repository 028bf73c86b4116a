// SPDX-License-Identifier: MIT
#include "harness/profile/network.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "architectures/networks/architecture.h"
#include "architectures/networks/cost.h"
#include "harness/core/error.h"
#include "harness/core/hash.h"
#include "harness/core/json_problem.h"
#include "harness/core/part.h"
#include "harness/core/safetensors.h"
#include "harness/core/text.h"
#include "harness/core/trial.h"
#include "harness/run/estimate.h"
#include "harness/run/runs_folder.h"
#include "harness/trial/files.h"

namespace segbench::profile {
namespace {

using architectures::NetworkOptions;
using core::Json;

struct Side {
  int height, width;
};

Side sides_of(const std::string& resolution) {
  const std::vector<std::string> sides = core::split(resolution, 'x');
  return {std::stoi(sides.at(0)), std::stoi(sides.at(1))};
}

bool is_architecture(const std::string& name) {
  return core::PartRegistry::instance().find(core::PartKind::kArchitecture, name) != nullptr;
}

/// "encoder=mobilenet_v2": a number, true or false as JSON writes it, else a word.
std::pair<std::string, Json> parameter_of(const std::string& word, const std::string& model) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == word.size()) {
    throw core::UserError(fmt::format(
        "profile.models: \"{}\" of {} is no parameter; architecture:size:name=value sets one", word, model));
  }
  const std::string value = word.substr(equals + 1);
  Json parsed = Json::parse(value, nullptr, /*allow_exceptions=*/false);
  return {word.substr(0, equals), parsed.is_discarded() ? Json(value) : parsed};
}

Network fresh(const std::string& text, double width, Side side, const study::ProfileSettings& settings) {
  const std::vector<std::string> words = core::split(text, ':');
  NetworkOptions options{.architecture = words.at(0),
                         .size = words.size() > 1 ? words[1] : "full",
                         .width = width,
                         .in_channels = static_cast<int>(settings.channels),
                         .num_outputs = static_cast<int>(settings.classes),
                         .image_height = side.height,
                         .image_width = side.width};
  architectures::size_of(architectures::architecture(options.architecture), options.size);
  std::string label = options.architecture + " " + options.size;
  for (std::size_t i = 2; i < words.size(); ++i) {
    const auto [key, value] = parameter_of(words[i], text);
    options.params[key] = value;
    label += " " + words[i].substr(key.size() + 1);
  }
  if (width != 1.0) label += fmt::format(" ×{:g}", width);
  try {
    architectures::build_graph(options);  // so that what is wrong is told before anything is measured
  } catch (const core::UserError& error) {
    throw core::UserError(fmt::format("profile.models: {}: {}", text, error.what()));
  }
  return {.label = label,
          .origin = Origin::kFresh,
          .channels = settings.channels,
          .outputs = settings.classes,
          .normalise = settings.normalise,
          .settings = {{"model", text}, {"width", width}, {"classes", settings.classes}},
          .options = options};
}

}  // namespace

Network trial_network(const std::filesystem::path& folder, std::int64_t height, std::int64_t width) try {
  trial::checked_weights(folder);
  const core::SafetensorsFile file(folder / core::kWeightsFile);
  const core::VariantConfig variant =
      core::variant_config_from_json(Json::parse(file.metadata().at("variant")));
  const Json input = Json::parse(file.metadata().at("input"));
  NetworkOptions options = run::network_options_of(
      variant, {.height = height, .width = width, .classes = static_cast<int>(input.at("classes").size())});
  const std::string id = file.metadata().at("trial_id");
  Network network{
      .label = fmt::format("{} seed {}", file.metadata().at("variant_label"), file.metadata().at("seed")),
      .origin = Origin::kTrial,
      .file = {},
      .trial = folder,
      .channels = options.in_channels,
      .height = height,
      .width = width,
      .outputs = options.num_outputs,
      .normalise = variant.data.normalise,
      .range = core::pixel_range_from_json(input),
      .settings = {{"trial", id}, {"weights", file.metadata().at("weights_sha256")}},
      .options = {}};
  if (options.file) {
    throw core::UserError(fmt::format("{}: its network is read from a file; profile that file, {}",
                                      folder.string(), options.file->path));
  }
  network.options = std::move(options);
  return network;
} catch (const Json::exception& error) {
  throw core::UserError(
      fmt::format("{}: the metadata of its weights: {}", folder.string(), core::json_problem(error)));
} catch (const std::out_of_range&) {
  throw core::UserError(fmt::format("{}: the weights do not say what the network is", folder.string()));
}

namespace {

Network of_file(const std::filesystem::path& file, Origin origin, const study::ProfileSettings& settings) {
  if (!std::filesystem::exists(file))
    throw core::UserError(fmt::format("{}: there is no such file", file.string()));
  return {.label = file.filename().string(),
          .origin = origin,
          .file = std::filesystem::absolute(file),
          .channels = settings.channels,
          .outputs = settings.classes,
          .normalise = settings.normalise,
          .settings = {{"file", file.filename().string()}, {"sha256", core::sha256_file(file)}},
          .options = {}};
}

}  // namespace

Json describe_cost(const Network& network) {
  if (!network.options) return nullptr;
  const architectures::Graph graph = architectures::build_graph(*network.options);
  const architectures::NetworkSummary summary = architectures::summarise(graph);
  Json layers = Json::array();
  for (const architectures::LayerCost& cost : architectures::layer_costs(graph)) {
    layers.push_back({{"name", cost.name},
                      {"kind", cost.kind},
                      {"macs", cost.macs},
                      {"weights", cost.weights},
                      {"read", cost.values_read},
                      {"made", cost.values_made}});
  }
  return {{"label", network.label},
          {"parameters", summary.parameters()},
          {"macs", summary.macs},
          {"peak_values", summary.peak_values},
          {"layers", layers}};
}

bool has_width(const std::string& text) {
  return is_architecture(core::split(text, ':').front());
}

Network find_network(const std::string& text, double width, const std::string& resolution,
                     const study::ProfileSettings& settings, const std::filesystem::path& runs) {
  const Side side = sides_of(resolution);
  const auto find = [&]() -> Network {
    if (text.ends_with(".onnx")) return of_file(text, Origin::kOnnxFile, settings);
    if (text.ends_with(".pt") || text.ends_with(".ts"))
      return of_file(text, Origin::kTorchScriptFile, settings);
    if (has_width(text)) return fresh(text, width, side, settings);
    if (text.find(':') != std::string::npos) {
      const std::string name = core::split(text, ':').front();
      const auto known = core::PartRegistry::instance().names(core::PartKind::kArchitecture);
      throw core::UserError(
          fmt::format("profile.models: unknown architecture \"{}\"; known architectures: {}{}", name,
                      fmt::join(known, ", "), core::did_you_mean(name, known)));
    }
    return trial_network(run::find_trial(runs, text), side.height, side.width);
  };
  Network network = find();
  network.height = side.height, network.width = side.width;
  return network;
}

}  // namespace segbench::profile
