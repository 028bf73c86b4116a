// SPDX-License-Identifier: MIT
#include "harness/train/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "harness/core/error.h"
#include "harness/core/hash.h"
#include "harness/core/json.h"
#include "harness/core/optional_json.h"
#include "harness/core/trial.h"
#include "harness/trial/attempt_log.h"

namespace segbench::train {
namespace {

constexpr const char* kFormat = "2";
constexpr const char* kFormatWithoutChecksum = "1";
constexpr const char* kWeights = "weights/";
constexpr const char* kOptimizer = "optimizer/";
constexpr const char* kBest = "best/";
constexpr const char* kAverage = "average/";
constexpr const char* kGradients = "gradients/";

using Metadata = std::map<std::string, std::string>;

std::string value_of(const Metadata& metadata, const char* key) {
  const auto found = metadata.find(key);
  return found == metadata.end() ? std::string() : found->second;
}

/// Over all that the file says: its state and every tensor.
std::string checksum(const std::string& trial_id, const std::string& state,
                     std::vector<core::TensorBytes> tensors) {
  return core::sha256_hex(
      fmt::format("{}\n{}\n{}", trial_id, state, core::tensors_sha256(std::move(tensors))));
}

void check_sum(const core::SafetensorsFile& stored) {
  std::vector<core::TensorBytes> tensors;
  for (const auto& [name, entry] : stored.entries())
    tensors.push_back({name, entry.dtype, entry.shape, entry.data});
  const Metadata& metadata = stored.metadata();
  if (checksum(value_of(metadata, "trial_id"), value_of(metadata, "state"), std::move(tensors)) !=
      value_of(metadata, "checksum")) {
    throw core::UserError("it is damaged: its content does not have the checksum that it states");
  }
}

KeptSettings kept_from(const core::Json& state) {
  return {.threads = state.value("threads", 0), .memory_format = state.value("memory_format", "")};
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
      .selection_score = optional_number(json.value("selection_score", core::Json())),
      .events_bytes = json.at("events_bytes"),
      .schedule = json.value("schedule", core::Json()),
      .stopping = json.value("stopping", core::Json()),
      .kept_epochs = kept_epochs_from_json(json.value("kept_epochs", core::Json::array())),
      .kept = kept_from(json),
      .timing = {.train = json.at("seconds").at(0),
                 .data_wait = json.at("seconds").at(1),
                 .checkpoint = json.at("seconds").at(2),
                 .reduce = json.at("seconds").size() > 3 ? json.at("seconds").at(3).get<double>() : 0}};
  if (state.epoch < 1 || state.updates < 0) throw core::UserError("its position makes no sense");
  return state;
}

}  // namespace

void save_checkpoint(const std::filesystem::path& folder, const std::string& trial_id,
                     const TrialState& state, const TrialTensors& tensors) {
  TensorRecords records;
  records.add(kWeights, tensors.weights);
  records.add(kOptimizer, tensors.optimizer);
  if (state.selected.epoch > 0) records.add(kBest, tensors.best);
  records.add(kAverage, tensors.average);
  records.add(kGradients, tensors.gradients);
  core::Json json = {
      {"epoch", state.epoch},
      {"step_losses", state.step_losses},
      {"updates", state.updates},
      {"selected_epoch", state.selected.epoch},
      {"selected_value", core::or_null(state.selected.value)},
      {"selection_score", core::or_null(state.selection_score)},
      {"events_bytes", state.events_bytes},
      {"threads", state.kept.threads},
      {"memory_format", state.kept.memory_format},
      {"seconds",
       {state.timing.train, state.timing.data_wait, state.timing.checkpoint, state.timing.reduce}}};
  if (!state.schedule.is_null()) json["schedule"] = state.schedule;
  if (!state.stopping.is_null()) json["stopping"] = state.stopping;
  if (!state.kept_epochs.empty()) json["kept_epochs"] = to_json(state.kept_epochs);
  const std::string text = json.dump();
  // A kill between the two leaves the previous one, which is as good.
  const std::filesystem::path file = folder / core::kCheckpointFile;
  if (std::filesystem::exists(file)) std::filesystem::rename(file, folder / core::kPreviousCheckpointFile);
  core::write_safetensors(file, records.records(),
                          {{"format", kFormat},
                           {"trial_id", trial_id},
                           {"state", text},
                           {"checksum", checksum(trial_id, text, records.records())}});
}

std::vector<std::filesystem::path> checkpoints_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files = {folder / core::kCheckpointFile,
                                              folder / core::kPreviousCheckpointFile};
  std::erase_if(files, [](const std::filesystem::path& file) { return !std::filesystem::exists(file); });
  return files;
}

void remove_checkpoints(const std::filesystem::path& folder) {
  for (const std::filesystem::path& file : checkpoints_in(folder)) std::filesystem::remove(file);
}

namespace {

/// Of a checkpoint that does not say them: as the attempts recorded.
KeptSettings recorded_settings(const std::filesystem::path& folder) {
  KeptSettings kept;
  for (const core::Json& environment : trial::read_environments(folder)) kept = kept_from(environment);
  return kept;
}

}  // namespace

KeptSettings kept_settings(const std::filesystem::path& folder) {
  for (const std::filesystem::path& file : checkpoints_in(folder)) {
    try {
      const core::SafetensorsFile stored(file);
      const core::Json state =
          core::Json::parse(value_of(stored.metadata(), "state"), nullptr, /*allow_exceptions=*/false);
      if (state.is_object()) return state.contains("threads") ? kept_from(state) : recorded_settings(folder);
    } catch (const core::UserError&) {  // told by whoever loads it
    } catch (const core::Json::exception&) {
    }
  }
  return {};
}

TrialState load_checkpoint(const std::filesystem::path& file, const std::string& trial_id,
                           std::uint64_t events_bytes, const TrialTensors& tensors) {
  const core::SafetensorsFile stored(file);
  const auto metadata = [&](const char* key) { return value_of(stored.metadata(), key); };
  const std::string format = metadata("format");
  if (format != kFormat && format != kFormatWithoutChecksum) {
    throw core::UserError(fmt::format("unknown checkpoint format \"{}\"; known: {} and {}", format,
                                      kFormatWithoutChecksum, kFormat));
  }
  if (metadata("trial_id") != trial_id) {
    throw core::UserError(fmt::format("it belongs to the trial \"{}\"", metadata("trial_id")));
  }
  if (format == kFormat) check_sum(stored);
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
  add(kAverage, tensors.average);
  NamedTensors gradients;
  for (const auto& [name, weight] : tensors.weights) {
    if (stored.entries().contains(kGradients + name))
      gradients.emplace_back(name, torch::empty_like(weight.detach()));
  }
  add(kGradients, gradients);
  load_tensors(stored, "", targets);
  for (const auto& [name, weight] : tensors.weights) {
    const auto loaded = std::find_if(gradients.begin(), gradients.end(),
                                     [&](const auto& gradient) { return gradient.first == name; });
    if (loaded != gradients.end()) torch::Tensor(weight).mutable_grad() = loaded->second;
  }
  return state;
}

}  // namespace segbench::train
