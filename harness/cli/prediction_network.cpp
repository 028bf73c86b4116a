// SPDX-License-Identifier: MIT
#include "harness/cli/prediction_network.h"

#include <fmt/format.h>

#include "harness/core/ensemble.h"
#include "harness/core/error.h"
#include "harness/core/safetensors.h"
#include "harness/trial/event_log.h"
#include "harness/trial/files.h"

namespace segbench::cli {

std::vector<std::filesystem::path> networks_of(const std::filesystem::path& trial,
                                               const core::TrialSpec& spec) {
  std::vector<std::filesystem::path> networks;
  for (const std::string& member : core::member_trials(spec))
    networks.push_back(trial.parent_path() / member);
  if (networks.empty()) networks.push_back(trial);
  for (const std::filesystem::path& network : networks) trial::checked_weights(network);
  return networks;
}

NetworkInput read_network_input(const std::filesystem::path& weights, const core::TrialSpec& spec) try {
  const core::SafetensorsFile stored(weights);
  const auto found = stored.metadata().find("input");
  if (found == stored.metadata().end()) {
    throw core::UserError(fmt::format("{}: these are not the weights of a trial", weights.string()));
  }
  const core::Json json = core::Json::parse(found->second);
  NetworkInput input{.rule = data::image_rule(spec.variant.data),
                     .height = json.at("height"),
                     .width = json.at("width"),
                     .range = core::pixel_range_from_json(json),
                     .classes = {}};
  if (json.contains("threshold")) input.threshold = json.at("threshold").get<double>();
  for (const core::Json& info : json.at("classes")) {
    input.classes.push_back({.name = info.at("name"), .colour = info.at("colour")});
  }
  return input;
} catch (const core::Json::exception& error) {
  throw core::UserError(fmt::format("{}: its metadata: {}", weights.string(), error.what()));
}

std::optional<double> threshold_of_ensemble(const std::filesystem::path& trial, const core::TrialSpec& spec) {
  for (const core::Json& event : trial::read_event_log(trial / core::kEventsFile).events) {
    if (event.at("type") == "threshold") return event.at("value").get<double>();
  }
  return spec.variant.evaluation.threshold;
}

}  // namespace segbench::cli
