// SPDX-License-Identifier: MIT
#include "tests/support/fake_trials.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <fstream>

#include "harness/core/determinism.h"
#include "harness/core/hash.h"
#include "harness/core/identity.h"
#include "harness/core/random.h"
#include "harness/core/study_file.h"
#include "harness/core/text.h"
#include "harness/core/trial.h"

namespace segbench::tests {
namespace {

using core::Json;

void write_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

/// A log written in one go; every event is a second later than the one before.
class FakeLog {
 public:
  void append(const std::string& type, Json event) {
    event["seq"] = seq_;
    event["type"] = type;
    const std::chrono::system_clock::time_point start(
        std::chrono::seconds(1'767'323'045));  // 2026-01-02 03:04:05 UTC
    event["time"] = core::utc_timestamp(start + std::chrono::seconds(seq_++));
    text_ += event.dump() + '\n';
  }
  void write(const std::filesystem::path& file) const { write_text(file, text_); }

 private:
  std::int64_t seq_ = 0;
  std::string text_;
};

core::Confusion fake_image(const FakeTrial& trial, double quality, int image) {
  const int classes = static_cast<int>(trial.class_names.size());
  core::Stream stream(trial.seed, core::Purpose::kShapes, 0, static_cast<std::uint64_t>(image));
  core::Confusion confusion(classes);
  for (int g = 0; g < classes; ++g) {
    const auto pixels = static_cast<std::int64_t>(1000 / (1 + g) + static_cast<int>(stream.below(100)));
    const double fraction = std::clamp(quality + stream.uniform(-0.02, 0.02), 0.0, 1.0);
    const std::int64_t right = std::llround(fraction * static_cast<double>(pixels));
    confusion.at(g, g) += right;
    confusion.at(g, (g + 1) % classes) += pixels - right;
  }
  return confusion;
}

std::vector<core::Confusion> fake_images(const FakeTrial& trial, double quality, const std::string& split) {
  if (split == "test" && !trial.test_images.empty()) return trial.test_images;
  std::vector<core::Confusion> images;
  for (int i = 0; i < trial.images; ++i)
    images.push_back(fake_image(trial, quality, split == "test" ? i : 1000 + i));
  return images;
}

void append_evaluation(FakeLog& log, const FakeTrial& trial, std::int64_t epoch, const std::string& split,
                       bool last) {
  const double progress = static_cast<double>(epoch) / static_cast<double>(trial.epochs);
  const double quality = trial.quality * (0.5 + 0.5 * progress);
  const std::vector<core::Confusion> images = fake_images(trial, quality, split);
  core::Confusion pooled(static_cast<int>(trial.class_names.size()));
  for (const core::Confusion& image : images) pooled += image;
  Json event = {{"epoch", epoch},
                {"split", split},
                {"weights", last ? "selected" : "current"},
                {"loss", 1.0 - quality},
                {"valid_pixels", pooled.valid_pixels()},
                {"images", images.size()},
                {"tp", Json::array()},
                {"fp", Json::array()},
                {"fn", Json::array()},
                {"timing", {{"evaluate_s", 0.25}}}};
  for (const core::ClassCounts& counts : pooled.class_counts()) {
    event["tp"].push_back(counts.tp);
    event["fp"].push_back(counts.fp);
    event["fn"].push_back(counts.fn);
  }
  if (last) event["confusion"] = std::vector<std::int64_t>(pooled.cells().begin(), pooled.cells().end());
  log.append("evaluation", event);
  if (!last) return;
  for (std::size_t i = 0; i < images.size(); ++i) {
    Json counts = Json::array();
    const std::vector<core::ClassCounts> of_class = images[i].class_counts();
    for (std::size_t c = 0; c < of_class.size(); ++c) {
      if (of_class[c] != core::ClassCounts{})
        counts.push_back({c, of_class[c].tp, of_class[c].fp, of_class[c].fn});
    }
    const std::size_t index = split == "test" ? 200 + i : 100 + i;
    log.append("image", {{"epoch", epoch},
                         {"split", split},
                         {"index", index},
                         {"id", fmt::format("image_{:04}", index)},
                         {"valid_pixels", images[i].valid_pixels()},
                         {"counts", counts}});
  }
}

void write_events(const std::filesystem::path& folder, const FakeTrial& trial,
                  const std::string& variant_id) {
  FakeLog log;
  log.append("trial", {{"schema", 1},
                       {"trial_id", fake_trial_id(trial)},
                       {"variant_id", variant_id},
                       {"seed", trial.seed},
                       {"data_fingerprint", trial.data_fingerprint},
                       {"num_classes", trial.class_names.size()},
                       {"class_names", trial.class_names},
                       {"parameters", trial.parameters},
                       {"trainable_parameters", trial.parameters - 100},
                       {"macs", trial.parameters * 50},
                       {"class_weights", Json::array()},
                       {"initial_weights_sha256", core::sha256_hex("initial")}});
  if (!trial.pretrained.empty()) {
    log.append("weights", {{"file", trial.pretrained},
                           {"sha256", core::sha256_hex(trial.pretrained)},
                           {"name_check", "agrees"},
                           {"format", "torch"},
                           {"convention", "a classifier as encoder"},
                           {"tensors", 265},
                           {"folded", 0},
                           {"excluded", Json::array()},
                           {"left_out", {"fc.weight", "fc.bias"}},
                           {"kept", {"head.weight"}}});
  }
  const bool complete = trial.end == "complete";
  const std::int64_t epochs = complete ? trial.epochs : std::max<std::int64_t>(1, trial.epochs / 2);
  for (std::int64_t epoch = 1; epoch <= epochs; ++epoch) {
    log.append(
        "epoch",
        {{"epoch", epoch},
         {"loss", 2.0 / static_cast<double>(epoch) - trial.quality},
         {"learning_rate", 0.001},
         {"steps", 10},
         {"samples", 80},
         {"timing", {{"train_s", trial.epoch_seconds}, {"data_wait_s", 0.01}, {"checkpoint_s", 0.02}}}});
    append_evaluation(log, trial, epoch, "selection", false);
  }
  for (const core::Warning& warning : trial.warnings) log.append("warning", Json(warning));
  if (trial.end == "diverged") log.append("diverged", {{"epoch", epochs + 1}, {"step", 7}, {"loss", "nan"}});
  if (complete) {
    log.append("selected", {{"epoch", epochs}, {"metric", "miou_no_background"}, {"value", trial.quality}});
    for (const char* split : {"selection", "test"}) append_evaluation(log, trial, epochs, split, true);
    for (const auto& [key, value] : trial.measures)
      log.append("measure", {{"key", key}, {"epoch", epochs}, {"split", "test"}, {"value", value}});
    const std::string sha256 = core::sha256_hex(fake_trial_id(trial));
    log.append("finished", {{"epochs", epochs},
                            {"weights_sha256", sha256},
                            {"selected_epoch", epochs},
                            {"selected_weights_sha256", sha256}});
  }
  log.write(folder / core::kEventsFile);
}

void write_attempts(const std::filesystem::path& folder, const FakeTrial& trial) {
  FakeLog log;
  std::size_t attempt = 1;
  for (const std::string& message : trial.crashes) {
    log.append("ended", {{"attempt", attempt++},
                         {"status", "failed"},
                         {"reason", "crashed"},
                         {"message", message},
                         {"exit_code", 139}});
  }
  for (const core::Warning& warning : trial.machine_warnings) {
    Json event = Json(warning);
    event["attempt"] = attempt;
    log.append("warning", event);
  }
  log.append("started", {{"attempt", attempt},
                         {"pid", 4242},
                         {"host", "lab"},
                         {"resumed_from", nullptr},
                         {"environment",
                          {{"segbench_version", "0.1.0"},
                           {"cpu", "Fake CPU @ 3 GHz"},
                           {"device", "cpu"},
                           {"threads", 2},
                           {"libtorch", "1.13.0"}}}});
  if (trial.end != "running") {
    const bool paused = trial.end == "paused";
    const bool stopped = paused || trial.end == "complete" || trial.end == "interrupted";
    log.append("ended", {{"attempt", attempt},
                         {"status", paused    ? "interrupted"
                                    : stopped ? trial.end
                                              : "failed"},
                         {"reason", stopped ? "" : trial.end},
                         {"message", paused    ? "paused after epoch 1 of 3"
                                     : stopped ? ""
                                               : "made up: " + trial.end},
                         {"exit_code", trial.end == "complete" ? 0 : 1},
                         {"peak_memory_bytes", 512 << 20},
                         {"seconds", trial.epoch_seconds * static_cast<double>(trial.epochs)}});
  }
  log.write(folder / core::kAttemptsFile);
}

void write_verification(const std::filesystem::path& folder, const FakeTrial& trial) {
  if (trial.verified.empty()) return;
  std::ofstream(folder / core::kDeterminismFile) << Json{{"schema", 1},
                                                         {"grade", trial.verified},
                                                         {"largest_iou_difference", 0.0005},
                                                         {"first_difference", "epoch 1: loss"},
                                                         {"time", "2026-01-03T00:00:00.000Z"},
                                                         {"host", "lab"},
                                                         {"device", "cpu"},
                                                         {"threads", 2}};
}

}  // namespace

core::Variant fake_variant(const FakeTrial& trial) {
  constexpr std::array<std::string_view, 3> kSizes = {"small", "medium", "full"};
  const bool is_size = std::find(kSizes.begin(), kSizes.end(), trial.label) != kSizes.end();
  core::VariantConfig config;
  config.data.kind = "shapes";
  config.data.background = trial.background;
  config.data.resolution = {64, 64};
  config.data.train.official = {"train"};
  config.data.selection.official = {"selection"};
  config.data.test.official = {"test"};
  config.model.architecture = is_size ? "unet" : trial.label;
  config.model.size = is_size ? trial.label : "small";
  config.training.epochs = trial.epochs;
  config.training.batch_size = 8;
  config.training.select_by = trial.select_by;
  config.training.loss = {"cross_entropy", {{"class_weights", nullptr}}};
  config.training.optimizer = {"adam", {{"learning_rate", 0.001}}};
  const Json axes = {{is_size ? "model.size" : "model.architecture", trial.label}};
  return {core::variant_id(config), trial.label, axes, config};
}

std::string fake_trial_id(const FakeTrial& trial) {
  return core::trial_id(fake_variant(trial).id, trial.seed, trial.data_fingerprint);
}

std::filesystem::path write_fake_trial(const std::filesystem::path& runs, const FakeTrial& trial) {
  const core::Variant variant = fake_variant(trial);
  const std::filesystem::path folder = runs / trial.study / core::kTrialsFolder / fake_trial_id(trial);
  std::filesystem::create_directories(folder);
  const core::TrialSpec spec{.study = trial.study,
                             .trial_id = fake_trial_id(trial),
                             .variant_id = variant.id,
                             .variant_label = variant.label,
                             .axes = variant.axes,
                             .seed = trial.seed,
                             .data_fingerprint = trial.data_fingerprint,
                             .variant = variant.config,
                             .cache = "../../../cache/" + trial.data_fingerprint,
                             .splits = {{0, 1, 2}, {100, 101}, {200, 201}}};
  write_text(folder / core::kTrialFile, to_json(spec).dump(1));
  if (trial.end == "pending") return folder;
  write_events(folder, trial, variant.id);
  write_attempts(folder, trial);
  write_verification(folder, trial);
  return folder;
}

void write_fake_study(const std::filesystem::path& runs, const std::vector<FakeTrial>& trials,
                      const std::string& question) {
  const std::string study = trials.at(0).study;
  Json variants = Json::array(), seeds = Json::array(), planned = Json::array();
  for (const FakeTrial& trial : trials) {
    const core::Variant variant = fake_variant(trial);
    const Json entry = {{"id", variant.id},
                        {"label", variant.label},
                        {"axes", variant.axes},
                        {"config", to_json(variant.config)}};
    if (std::find(variants.begin(), variants.end(), entry) == variants.end()) variants.push_back(entry);
    if (std::find(seeds.begin(), seeds.end(), trial.seed) == seeds.end()) seeds.push_back(trial.seed);
    planned.push_back(fake_trial_id(trial));
    if (trial.end != "pending") write_fake_trial(runs, trial);
  }
  std::filesystem::create_directories(runs / study);
  const Json json = {
      {"schema", 1},
      {"name", study},
      {"question", question},
      {"source", "schema = 1\nname = \"" + study + "\"\n"},
      {"source_file", study + ".toml"},
      {"overrides", Json::array()},
      {"claims", Json::array()},
      {"published", Json::array()},
      {"variants", variants},
      {"seeds", seeds},
      {"trials", planned},
      {"audit", {{"data_fingerprint", trials.at(0).data_fingerprint}, {"findings", Json::array()}}},
      {"segbench_version", "0.1.0"},
      {"command", "segbench run " + study + ".toml"}};
  write_text(runs / study / core::kStudyFile, json.dump(1));
}

std::vector<FakeTrial> fake_trials(const std::vector<std::string>& labels,
                                   const std::vector<std::uint64_t>& seeds) {
  std::vector<FakeTrial> trials;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    for (const std::uint64_t seed : seeds) {
      FakeTrial trial;
      trial.label = labels[i];
      trial.seed = seed;
      trial.quality = 0.6 + 0.1 * static_cast<double>(i) + 0.01 * static_cast<double>(seed % 3);
      trial.parameters = 4'000'000 * static_cast<std::int64_t>(i + 1);
      trials.push_back(trial);
    }
  }
  return trials;
}

}  // namespace segbench::tests
