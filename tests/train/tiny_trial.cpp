// SPDX-License-Identifier: MIT
#include "tests/train/tiny_trial.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "harness/core/counts.h"
#include "harness/core/decode_cache.h"
#include "harness/core/files.h"
#include "harness/core/hash.h"
#include "harness/core/identity.h"
#include "harness/core/random.h"
#include "harness/trial/event_log.h"

namespace segbench::tests {
namespace {

struct Picture {
  std::vector<std::uint8_t> image, labels;
};

Picture draw(const TinyData& data, int index) {
  core::Stream stream(99, core::Purpose::kShapes, 0, static_cast<std::uint64_t>(index));
  const auto pixels = static_cast<std::size_t>(data.height * data.width);
  Picture picture{std::vector<std::uint8_t>(pixels * static_cast<std::size_t>(data.channels)),
                  std::vector<std::uint8_t>(pixels, 0)};
  for (std::uint8_t& value : picture.image) value = static_cast<std::uint8_t>(stream.below(60));
  for (int shape = 0; shape < 3; ++shape) {
    const int label = 1 + static_cast<int>(stream.below(static_cast<std::uint64_t>(data.num_classes - 1)));
    const int radius = 4 + static_cast<int>(stream.below(4)), y = static_cast<int>(stream.below(32)),
              x = static_cast<int>(stream.below(40));
    for (int row = std::max(0, y - radius); row < std::min(data.height, y + radius); ++row) {
      for (int column = std::max(0, x - radius); column < std::min(data.width, x + radius); ++column) {
        const auto at = static_cast<std::size_t>(row * data.width + column);
        const bool is_border = row == y - radius || column == x - radius;
        picture.labels[at] = is_border ? core::kVoidLabel : static_cast<std::uint8_t>(label);
        for (int c = 0; c < data.channels; ++c) {
          picture.image[at * static_cast<std::size_t>(data.channels) + static_cast<std::size_t>(c)] =
              static_cast<std::uint8_t>(c == label % 3 ? 230 : 90);
        }
      }
    }
  }
  if (data.is_void) picture.labels.assign(picture.labels.size(), core::kVoidLabel);
  return picture;
}

}  // namespace

std::string write_tiny_cache(const std::filesystem::path& folder, const TinyData& data) {
  std::filesystem::create_directories(folder);
  std::string images, labels;
  core::CacheManifest manifest;
  manifest.kind = "tiny";
  manifest.height = data.height;
  manifest.width = data.width;
  manifest.channels = data.channels;
  manifest.bits = data.bits;
  for (int c = 0; c < data.num_classes; ++c) manifest.classes.push_back({"class " + std::to_string(c), {}});
  for (int i = 0; i < data.samples; ++i) {
    const Picture picture = draw(data, i);
    for (const std::uint8_t sample : picture.image)
      images.append(static_cast<std::size_t>(data.bits / 8), static_cast<char>(sample));
    labels.append(picture.labels.begin(), picture.labels.end());
    manifest.samples.push_back({.id = "sample-" + std::to_string(i),
                                .image_file = "",
                                .mask_file = "",
                                .image_sha256 = "",
                                .original_height = data.height,
                                .original_width = data.width,
                                .class_pixels = core::count_labels(picture.labels, data.num_classes)});
  }
  manifest.images_sha256 = core::sha256_hex(images);
  manifest.labels_sha256 = core::sha256_hex(labels);
  manifest.data_fingerprint = core::sha256_hex(manifest.images_sha256 + manifest.labels_sha256);
  core::write_file_atomically(folder / core::cache_images_file(data.bits), images);
  core::write_file_atomically(folder / core::kCacheLabelsFile, labels);
  core::write_file_atomically(folder / core::kCacheManifestFile, core::to_json(manifest).dump());
  return manifest.data_fingerprint;
}

core::VariantConfig tiny_variant() {
  core::VariantConfig variant;
  variant.data = {.kind = "tiny",
                  .root = "",
                  .resolution = std::nullopt,
                  .channels = 3,
                  .normalise = "unit_range",
                  .train = {{"train"}, std::nullopt},
                  .selection = {{"val"}, std::nullopt},
                  .test = {{"test"}, std::nullopt},
                  .split_seed = 0,
                  .allow_overlap = false,
                  .params = core::Json::object()};
  variant.model = {.architecture = "unet", .size = "small", .width = 0.05, .params = core::Json::object()};
  variant.training = {.epochs = 3,
                      .batch_size = 4,
                      .loss = {"cross_entropy", {{"class_weights", "inverse_frequency"}}},
                      .optimizer = {"adam", {{"learning_rate", 0.01}, {"decay", 0.001}}},
                      .augment = {{"horizontal_flip", core::Json::object()}},
                      .select = "best",
                      .select_by = "miou_no_background",
                      .evaluate_every = 1};
  return variant;
}

TinyTrials::TinyTrials(const TinyData& data) : data_(data), fingerprint_(write_tiny_cache(cache(), data)) {}

core::TrialSpec TinyTrials::spec(const core::VariantConfig& variant, std::uint64_t seed) const {
  core::TrialSpec spec;
  spec.study = "tiny";
  spec.variant = variant;
  spec.variant_id = core::variant_id(variant);
  spec.variant_label = "tiny";
  spec.seed = seed;
  spec.data_fingerprint = fingerprint_;
  spec.trial_id = core::trial_id(spec.variant_id, seed, fingerprint_);
  spec.cache = "../../cache";
  for (int i = 0; i < data_.samples; ++i) {
    (i < 13 ? spec.splits.train : i < 17 ? spec.splits.selection : spec.splits.test).push_back(i);
  }
  return spec;
}

std::filesystem::path TinyTrials::add(const std::string& name, const core::VariantConfig& variant,
                                      std::uint64_t seed) const {
  const std::filesystem::path folder = path() / "trials" / name;
  std::filesystem::create_directories(folder);
  core::write_file_atomically(folder / core::kTrialFile, core::to_json(spec(variant, seed)).dump());
  return folder;
}

std::vector<std::string> train_command(const std::filesystem::path& trial,
                                       const std::vector<std::string>& further) {
  std::vector<std::string> command = {SEGBENCH_BINARY_DIR "/segbench-worker",
                                      "train",
                                      (trial / core::kTrialFile).string(),
                                      "--device",
                                      "cpu",
                                      "--threads",
                                      "1"};
  command.insert(command.end(), further.begin(), further.end());
  return command;
}

ProcessResult train(const std::filesystem::path& trial, const std::vector<std::string>& further) {
  return run_process(train_command(trial, further), trial);
}

std::vector<std::string> computed_events(const std::filesystem::path& trial) {
  std::vector<std::string> lines;
  for (core::Json event : trial::read_event_log(trial / core::kEventsFile).events) {
    event.erase("time");
    event.erase("timing");
    event.erase("chain");
    event.erase("files");  // hashes of files that state the trial's id
    lines.push_back(event.dump());
  }
  return lines;
}

std::vector<core::Json> events_of(const std::filesystem::path& trial, const std::string& type) {
  std::vector<core::Json> found;
  for (const core::Json& event : trial::read_event_log(trial / core::kEventsFile).events) {
    if (event.at("type").get<std::string>() == type) found.push_back(event);
  }
  return found;
}

core::Json event_of(const std::filesystem::path& trial, const std::string& type) {
  for (const core::Json& event : trial::read_event_log(trial / core::kEventsFile).events) {
    if (event.at("type").get<std::string>() == type) return event;
  }
  ADD_FAILURE() << "no event " << type << " in " << trial;
  return core::Json::object();
}

core::Json last_attempt_event(const std::filesystem::path& trial, const std::string& type) {
  const auto events = trial::read_event_log(trial / core::kAttemptsFile).events;
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    if (event->at("type").get<std::string>() == type) return *event;
  }
  ADD_FAILURE() << "no " << type << " in " << trial / core::kAttemptsFile;
  return core::Json::object();
}

}  // namespace segbench::tests
