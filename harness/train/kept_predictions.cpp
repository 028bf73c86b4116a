// SPDX-License-Identifier: MIT
#include "harness/train/kept_predictions.h"

#include <algorithm>

#include "harness/core/hash.h"
#include "harness/core/predictions.h"

namespace segbench::train {

std::vector<std::int64_t> evenly_spaced(std::int64_t size, std::int64_t count) {
  count = std::min(size, count);
  std::vector<std::int64_t> positions;
  for (std::int64_t i = 0; i < count; ++i) positions.push_back(i * size / count);
  return positions;
}

void keep_predictions(const std::filesystem::path& folder, const core::TrialSpec& spec,
                      const core::CacheManifest& manifest, std::int64_t epoch,
                      const std::vector<std::int64_t>& keep, std::vector<std::uint8_t> labels) {
  core::Predictions predictions{.trial_id = spec.trial_id,
                                .epoch = epoch,
                                .split = "test",
                                .height = manifest.height,
                                .width = manifest.width,
                                .num_classes = static_cast<int>(manifest.classes.size()),
                                .samples = {},
                                .labels = std::move(labels)};
  for (const std::int64_t position : keep) {
    const std::int64_t index = spec.splits.test[static_cast<std::size_t>(position)];
    predictions.samples.push_back({index, manifest.samples[static_cast<std::size_t>(index)].id});
  }
  core::write_predictions(folder / core::kPredictionsFile, predictions);
}

void keep_frame(const std::filesystem::path& folder, const core::TrialSpec& spec,
                const core::CacheManifest& manifest, std::int64_t epoch, std::vector<std::uint8_t> labels) {
  const std::int64_t index = spec.splits.selection.front();
  std::filesystem::create_directories(folder / core::kFilmFolder);
  core::write_predictions(core::film_file(folder, epoch),
                          {.trial_id = spec.trial_id,
                           .epoch = epoch,
                           .split = "selection",
                           .height = manifest.height,
                           .width = manifest.width,
                           .num_classes = static_cast<int>(manifest.classes.size()),
                           .samples = {{index, manifest.samples[static_cast<std::size_t>(index)].id}},
                           .labels = std::move(labels)});
}

core::Json hashes_of_files(const std::filesystem::path& folder) {
  core::Json hashes = core::Json::object();
  for (const char* name : {core::kWeightsFile, core::kPredictionsFile}) {
    if (std::filesystem::exists(folder / name)) hashes[name] = core::sha256_file(folder / name);
  }
  return hashes;
}

}  // namespace segbench::train
