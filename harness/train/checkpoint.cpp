// SPDX-License-Identifier: MIT
#include "harness/train/checkpoint.h"

#include <fmt/format.h>

#include "harness/core/error.h"
#include "harness/core/json.h"

namespace segbench::train {
namespace {

constexpr const char* kFormat = "1";
constexpr const char* kWeights = "weights/";
constexpr const char* kOptimizer = "optimizer/";
constexpr const char* kBest = "best/";

core::Json optional_number(const std::optional<double>& value) {
  return value ? core::Json(*value) : core::Json();
}

std::optional<double> optional_number(const core::Json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<double>());
}

TrialState state_from(const core::Json& json) {
  TrialState state{
      .epoch = json.at("epoch"),
      .step_losses = json.at("step_losses"),
      .updates = json.at("updates"),
      .selected = {.epoch = json.at("selected_epoch"), .value = optional_number(json.at("selected_value"))},
      .selection_miou = optional_number(json.at("selection_miou")),
      .events_bytes = json.at("events_bytes"),
      .timing = {.train = json.at("seconds").at(0),
                 .data_wait = json.at("seconds").at(1),
                 .checkpoint = json.at("seconds").at(2)}};
  if (state.epoch < 1 || state.updates < 0) throw core::UserError("its position makes no sense");
  return state;
}

}  // namespace

void save_checkpoint(const std::filesystem::path& file, const std::string& trial_id, const TrialState& state,
                     const TrialTensors& tensors) {
  TensorRecords records;
  records.add(kWeights, tensors.weights);
  records.add(kOptimizer, tensors.optimizer);
  if (state.selected.epoch > 0) records.add(kBest, tensors.best);
  const core::Json json = {
      {"epoch", state.epoch},
      {"step_losses", state.step_losses},
      {"updates", state.updates},
      {"selected_epoch", state.selected.epoch},
      {"selected_value", optional_number(state.selected.value)},
      {"selection_miou", optional_number(state.selection_miou)},
      {"events_bytes", state.events_bytes},
      {"seconds", {state.timing.train, state.timing.data_wait, state.timing.checkpoint}}};
  core::write_safetensors(file, records.records(),
                          {{"format", kFormat}, {"trial_id", trial_id}, {"state", json.dump()}});
}

TrialState load_checkpoint(const std::filesystem::path& file, const std::string& trial_id,
                           std::uint64_t events_bytes, const TrialTensors& tensors) {
  const core::SafetensorsFile stored(file);
  const auto metadata = [&](const char* key) {
    const auto found = stored.metadata().find(key);
    return found == stored.metadata().end() ? std::string() : found->second;
  };
  if (metadata("format") != kFormat) {
    throw core::UserError(
        fmt::format("found checkpoint format \"{}\"; allowed: {}", metadata("format"), kFormat));
  }
  if (metadata("trial_id") != trial_id) {
    throw core::UserError(fmt::format("it belongs to the trial \"{}\"", metadata("trial_id")));
  }
  const core::Json json = core::Json::parse(metadata("state"), nullptr, /*allow_exceptions=*/false);
  TrialState state;
  try {
    state = state_from(json);
  } catch (const core::Json::exception& error) {
    throw core::UserError(fmt::format("its state: {}", error.what()));
  }
  if (state.events_bytes > events_bytes) {
    throw core::UserError(fmt::format("it follows {} bytes of events, of which {} are there",
                                      state.events_bytes, events_bytes));
  }
  NamedTensors targets;
  const auto add = [&](const char* prefix, const NamedTensors& group) {
    for (const auto& [name, tensor] : group) targets.emplace_back(prefix + name, tensor);
  };
  add(kWeights, tensors.weights);
  add(kOptimizer, tensors.optimizer);
  if (state.selected.epoch > 0) add(kBest, tensors.best);
  load_tensors(stored, "", targets);
  return state;
}

}  // namespace segbench::train
