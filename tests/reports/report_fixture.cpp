// SPDX-License-Identifier: MIT
#include "tests/reports/report_fixture.h"

#include <fmt/format.h>

#include <functional>

#include "harness/core/decode_cache.h"
#include "harness/core/files.h"
#include "harness/core/hash.h"
#include "harness/core/predictions.h"
#include "harness/core/study_file.h"
#include "harness/core/trial.h"

namespace segbench::tests {
namespace {

using core::Json;

constexpr std::int64_t kSize = 16;

std::uint8_t label_at(std::int64_t sample, std::int64_t y, std::int64_t x, std::size_t classes) {
  if (y == 0 && x < 4) return core::kVoidLabel;
  return static_cast<std::uint8_t>(static_cast<std::size_t>(x / 5 + sample) % classes);
}

std::string sample_id(std::int64_t index) {
  return fmt::format("image_{:04}", index);
}

}  // namespace

void write_fake_cache(const std::filesystem::path& runs, const FakeTrial& trial, std::int64_t samples) {
  std::string images, labels;
  core::CacheManifest manifest{.data_fingerprint = trial.data_fingerprint,
                               .kind = "shapes",
                               .height = kSize,
                               .width = kSize,
                               .channels = 3,
                               .classes = {},
                               .samples = {},
                               .official_splits = {},
                               .images_sha256 = "",
                               .labels_sha256 = ""};
  for (std::size_t c = 0; c < trial.class_names.size(); ++c) {
    const auto level = static_cast<std::uint8_t>(40 + 70 * c);
    manifest.classes.push_back({trial.class_names[c], {level, static_cast<std::uint8_t>(250 - level), 90}});
  }
  for (std::int64_t n = 0; n < samples; ++n) {
    core::CachedSample sample{.id = sample_id(n),
                              .image_file = "",
                              .mask_file = "",
                              .image_sha256 = "",
                              .original_height = kSize,
                              .original_width = kSize,
                              .class_pixels = std::vector<std::int64_t>(trial.class_names.size() + 1, 0)};
    for (std::int64_t y = 0; y < kSize; ++y) {
      for (std::int64_t x = 0; x < kSize; ++x) {
        const std::uint8_t label = label_at(n, y, x, trial.class_names.size());
        ++sample.class_pixels[label == core::kVoidLabel ? trial.class_names.size() : label];
        labels += static_cast<char>(label);
        for (int c = 0; c < 3; ++c) images += static_cast<char>(10 * y + 5 * x * c);
      }
    }
    manifest.samples.push_back(sample);
  }
  manifest.images_sha256 = core::sha256_hex(images), manifest.labels_sha256 = core::sha256_hex(labels);
  const std::filesystem::path folder = runs / core::kCacheFolder / trial.data_fingerprint;
  std::filesystem::create_directories(folder);
  core::write_file_atomically(folder / core::kCacheImagesFile, images);
  core::write_file_atomically(folder / core::kCacheLabelsFile, labels);
  core::write_file_atomically(folder / core::kCacheManifestFile, to_json(manifest).dump());
}

void write_fake_predictions(const std::filesystem::path& runs, const FakeTrial& trial, int wrong_every) {
  const std::size_t classes = trial.class_names.size();
  core::Predictions predictions{.trial_id = fake_trial_id(trial),
                                .epoch = trial.epochs,
                                .split = "test",
                                .height = kSize,
                                .width = kSize,
                                .num_classes = static_cast<int>(classes),
                                .samples = {},
                                .labels = {}};
  int pixel = 0;
  for (const std::int64_t index : {200, 201}) {
    predictions.samples.push_back({index, sample_id(index)});
    for (std::int64_t y = 0; y < kSize; ++y) {
      for (std::int64_t x = 0; x < kSize; ++x) {
        const std::uint8_t truth = label_at(index, y, x, classes);
        const std::size_t right = truth == core::kVoidLabel ? 0 : truth;
        const bool wrong = ++pixel % (index == 200 ? wrong_every : 3 * wrong_every) == 0;
        predictions.labels.push_back(static_cast<std::uint8_t>((right + (wrong ? 1 : 0)) % classes));
      }
    }
  }
  core::write_predictions(
      runs / trial.study / core::kTrialsFolder / fake_trial_id(trial) / core::kPredictionsFile, predictions);
}

void edit_study(const std::filesystem::path& runs, const std::string& study,
                const std::function<void(core::Json&)>& edit) {
  const std::filesystem::path file = runs / study / core::kStudyFile;
  Json json = Json::parse(core::read_file(file));
  edit(json);
  core::write_file_atomically(file, json.dump(1));
}

store::Store import_all(const std::filesystem::path& runs, const std::string& study) {
  store::Store store = store::Store::open(runs / core::kStoreFile);
  store.import_study(runs / study);
  const std::filesystem::path trials = runs / study / core::kTrialsFolder;
  if (!std::filesystem::exists(trials)) return store;
  for (const auto& entry : std::filesystem::directory_iterator(trials))
    store.import_trial(entry.path(), runs);
  return store;
}

FakeStudy::FakeStudy() : trials(fake_trials({"small", "medium", "full"}, {1, 2, 3})) {
  for (FakeTrial& trial : trials) {
    trial.epochs = 6;
    trial.class_names = {"background", "road", "car", "cyclist"};
    trial.epoch_seconds = static_cast<double>(trial.parameters) / 4e6;
  }
  write_fake_study(runs.path(), trials);
  write_fake_cache(runs.path(), trials[0]);
  for (const FakeTrial& trial : trials) {
    write_fake_predictions(runs.path(), trial, trial.label == "small" ? 5 : trial.label == "medium" ? 7 : 11);
  }
  edit_study(runs.path(), "sizes", [&](Json& study) {
    const auto id = [&](std::size_t i) { return fake_variant(trials[i]).id; };
    study["claims"] = {{{"candidate_id", id(3)},
                        {"reference_id", id(6)},
                        {"candidate_label", "medium"},
                        {"reference_label", "full"},
                        {"metric", "miou_no_background"},
                        {"not_worse_by", 0.01},
                        {"better_by", nullptr},
                        {"faster_by", 0.15}}};
    study["published"] = {{{"variant_id", id(0)},
                           {"variant_label", "small"},
                           {"metric", "train_seconds"},
                           {"value", 788.4},
                           {"statistic", "one run"},
                           {"source", "course project"}}};
    study["audit"] = {
        {"findings",
         {{{"refuses", false},
           {"code", "overlap"},
           {"file", "a.png"},
           {"message", "stands in train and test"}}}},
        {"images", {{"train", 100}, {"selection", 100}, {"test", 10}}},
        {"class_pixels",
         {{"train", {70, 20, 9, 0, 1}}, {"selection", {60, 30, 9, 1, 0}}, {"test", {50, 30, 15, 5, 0}}}}};
  });
}

}  // namespace segbench::tests
