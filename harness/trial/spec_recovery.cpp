// SPDX-License-Identifier: MIT
#include "harness/trial/spec_recovery.h"

#include <fmt/format.h>

#include <optional>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/identity.h"
#include "harness/core/study_file.h"
#include "harness/trial/event_log.h"

namespace segbench::trial {
namespace {

using core::Json;

/// The images of the final evaluation on a split, in their order.
std::vector<std::int64_t> images_of_split(const std::vector<Json>& events, const char* split) {
  std::vector<std::int64_t> indices;
  for (const Json& event : events) {
    if (event.at("type") == "image" && event.value("split", "") == split)
      indices.push_back(event.at("index"));
  }
  return indices;
}

/// What a study plans under the id of the trial whose log begins with `trial`.
std::optional<core::TrialSpec> recover_spec(const std::filesystem::path& trial_folder) {
  const std::vector<Json> events = read_event_log(trial_folder / core::kEventsFile).events;
  const std::filesystem::path study_file = trial_folder.parent_path().parent_path() / core::kStudyFile;
  if (events.empty() || events.front().at("type") != "trial" || !std::filesystem::exists(study_file))
    return std::nullopt;
  const Json& trial = events.front();
  const Json study = Json::parse(core::read_file(study_file));
  for (const Json& variant : study.at("variants")) {
    if (variant.at("id") != trial.at("variant_id")) continue;
    core::TrialSpec spec{.study = study.at("name"),
                         .trial_id = trial.at("trial_id"),
                         .variant_id = variant.at("id"),
                         .variant_label = variant.at("label"),
                         .axes = variant.at("axes"),
                         .seed = trial.at("seed"),
                         .data_fingerprint = trial.at("data_fingerprint"),
                         .variant = core::variant_config_from_json(variant.at("config")),
                         .cache = "",
                         .splits = {.train = {},
                                    .selection = images_of_split(events, "selection"),
                                    .test = images_of_split(events, "test")}};
    if (spec.trial_id == core::trial_id(spec.variant_id, spec.seed, spec.data_fingerprint)) return spec;
  }
  return std::nullopt;
}

}  // namespace

core::TrialSpec read_or_recover_spec(const std::filesystem::path& trial_folder, std::string& defect) {
  try {
    core::TrialSpec spec = core::read_trial_spec(trial_folder / core::kTrialFile);
    if (spec.trial_id == core::trial_id(spec.variant_id, spec.seed, spec.data_fingerprint)) return spec;
    defect = fmt::format("{}: edited: seed, variant or data do not fit the trial's id",
                         (trial_folder / core::kTrialFile).string());
  } catch (const core::UserError& error) {
    defect = error.what();
  }
  try {
    if (auto spec = recover_spec(trial_folder)) return *spec;
  } catch (const Json::exception&) {  // a log or study file that says too little
  } catch (const core::UserError&) {
  }
  throw core::UserError(defect + "; `segbench run` writes it anew");
}

}  // namespace segbench::trial
