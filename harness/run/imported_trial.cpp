// SPDX-License-Identifier: MIT
#include "harness/run/imported_trial.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/files.h"
#include "harness/core/hash.h"
#include "harness/core/optional_json.h"
#include "harness/core/predictions.h"
#include "harness/core/warning_kinds.h"
#include "harness/trial/event_log.h"

namespace segbench::run {
namespace {

using core::Json;

constexpr std::size_t kMostKept = 12;

const std::vector<std::int64_t>& samples_of(const ImportedTrial& trial) {
  return trial.file->split == "test" ? trial.spec.splits.test : trial.spec.splits.selection;
}

std::vector<core::ClassCounts> counts_of(const ImportedTrial& trial, std::size_t i) {
  return trial.images.empty() ? trial.counts.at(i) : trial.images[i].class_counts();
}

std::int64_t valid_pixels(const std::vector<core::ClassCounts>& counts) {
  std::int64_t pixels = 0;
  for (const core::ClassCounts& c : counts) pixels += c.tp + c.fn;
  return pixels;
}

Json image_event(const ImportedTrial& trial, std::size_t i) {
  const std::vector<core::ClassCounts> counts = counts_of(trial, i);
  const std::int64_t index = samples_of(trial)[i];
  Json rows = Json::array();
  for (std::size_t c = 0; c < counts.size(); ++c) {
    if (counts[c] != core::ClassCounts{}) rows.push_back({c, counts[c].tp, counts[c].fp, counts[c].fn});
  }
  return {{"epoch", 0},
          {"split", trial.file->split},
          {"index", index},
          {"id", trial.manifest.samples.at(static_cast<std::size_t>(index)).id},
          {"valid_pixels", valid_pixels(counts)},
          {"counts", rows}};
}

void append_evaluation(trial::EventWriter& events, const ImportedTrial& trial) {
  std::vector<core::ClassCounts> pooled(trial.class_names.size());
  core::Confusion confusion(static_cast<int>(trial.class_names.size()));
  for (std::size_t i = 0; i < samples_of(trial).size(); ++i) {
    const std::vector<core::ClassCounts> counts = counts_of(trial, i);
    for (std::size_t c = 0; c < counts.size(); ++c) pooled[c] += counts[c];
    if (!trial.images.empty()) confusion += trial.images[i];
  }
  Json event = {{"epoch", 0},
                {"split", trial.file->split},
                {"weights", "selected"},
                {"loss", nullptr},
                {"valid_pixels", valid_pixels(pooled)},
                {"images", samples_of(trial).size()},
                {"tp", Json::array()},
                {"fp", Json::array()},
                {"fn", Json::array()},
                {"timing", Json::object()}};
  for (const core::ClassCounts& c : pooled)
    event["tp"].push_back(c.tp), event["fp"].push_back(c.fp), event["fn"].push_back(c.fn);
  if (!trial.images.empty())
    event["confusion"] = std::vector<std::int64_t>(confusion.cells().begin(), confusion.cells().end());
  events.append("evaluation", event);
  for (std::size_t i = 0; i < samples_of(trial).size(); ++i) events.append("image", image_event(trial, i));
}

/// The samples that panels show: those of the other trial, else some spread evenly.
std::vector<std::size_t> shown_samples(const ImportedTrial& trial) {
  const std::vector<std::int64_t>& samples = samples_of(trial);
  std::vector<std::size_t> shown;
  const std::filesystem::path theirs = trial.like / core::kPredictionsFile;
  if (std::filesystem::exists(theirs)) {
    for (const core::Predictions::Sample& sample : core::read_predictions(theirs).samples) {
      const auto found = std::find(samples.begin(), samples.end(), sample.index);
      if (found != samples.end()) shown.push_back(static_cast<std::size_t>(found - samples.begin()));
    }
  }
  const std::size_t kept = std::min(samples.size(), kMostKept);
  for (std::size_t i = 0; shown.size() < kept && i < kept && !std::filesystem::exists(theirs); ++i)
    shown.push_back(i * samples.size() / kept);
  return shown;
}

void keep_predictions(const ImportedTrial& trial) {
  core::Predictions kept{.trial_id = trial.spec.trial_id,
                         .epoch = 0,
                         .split = trial.file->split,
                         .height = trial.manifest.height,
                         .width = trial.manifest.width,
                         .num_classes = static_cast<int>(trial.class_names.size()),
                         .samples = {},
                         .labels = {}};
  for (const std::size_t i : shown_samples(trial)) {
    const std::int64_t index = samples_of(trial)[i];
    kept.samples.push_back({index, trial.manifest.samples.at(static_cast<std::size_t>(index)).id});
    kept.labels.insert(kept.labels.end(), trial.labels[i].begin(), trial.labels[i].end());
  }
  core::write_predictions(trial.folder / core::kPredictionsFile, kept);
}

}  // namespace

void write_imported_trial(const ImportedTrial& trial) {
  std::filesystem::create_directories(trial.folder);
  core::write_file_atomically(trial.folder / core::kTrialFile, to_json(trial.spec).dump(1) + '\n');
  Json files = Json::object();
  if (!trial.labels.empty() && trial.file->split == "test") {
    keep_predictions(trial);
    files[core::kPredictionsFile] = core::sha256_hex(core::read_file(trial.folder / core::kPredictionsFile));
  }
  trial::EventWriter events(trial.folder / core::kEventsFile, 0, trial::LogKind::kChained);
  events.append("trial", {{"schema", 1},
                          {"trial_id", trial.spec.trial_id},
                          {"variant_id", trial.spec.variant_id},
                          {"seed", trial.spec.seed},
                          {"data_fingerprint", trial.spec.data_fingerprint},
                          {"num_classes", trial.class_names.size()},
                          {"class_names", trial.class_names},
                          {"parameters", core::or_null(trial.file->parameters)},
                          {"trainable_parameters", nullptr},
                          {"macs", core::or_null(trial.file->macs)},
                          {"class_weights", Json::array()},
                          {"initial_weights_sha256", nullptr}});
  const core::Warning warning = core::make_warning("imported", {{"from", trial.file->from}});
  events.append("warning",
                {{"code", warning.code}, {"message", warning.message}, {"remedy", warning.remedy}});
  append_evaluation(events, trial);
  events.append("selected",
                {{"epoch", 0}, {"metric", trial.spec.variant.training.select_by}, {"value", nullptr}});
  events.append("finished", {{"epochs", 0},
                             {"weights_sha256", trial.sha256},
                             {"selected_epoch", 0},
                             {"selected_weights_sha256", trial.sha256},
                             {"files", files}});
  events.sync();
}

}  // namespace segbench::run
