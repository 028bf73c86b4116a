// SPDX-License-Identifier: MIT
// Optimizers, schedules and what else [training] can say, from an experiment file to complete trials.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/safetensors.h"
#include "harness/core/trial.h"
#include "harness/trial/event_log.h"
#include "tests/programs/workspace.h"

namespace segbench::tests {
namespace {

using core::Json;
namespace fs = std::filesystem;

/// A small U-Net on the built-in shapes, with these further lines; [[variant]] tables may follow.
std::string small_study(const std::string& name, const std::string& more) {
  return fmt::format(R"(schema = 1
name = "{}"
[data]
kind = "shapes"
resolution = [32, 32]
train_images = 8
selection_images = 2
test_images = 2
[model]
architecture = "unet"
size = "small"
width = 0.0625
batch_norm_momentum = 0.5
[training]
epochs = 3
batch_size = 4
select_by = "pixel_accuracy"
loss = "cross_entropy"
optimizer = {{ name = "adam", learning_rate = 0.01 }}
[trials]
seeds = [1]
[run]
threads = 1
{})",
                     name, more);
}

/// The folder of each variant's trial.
std::map<std::string, fs::path> trials_by_label(const Workspace& workspace, const std::string& study) {
  std::map<std::string, fs::path> trials;
  for (const fs::path& trial : workspace.trials(study))
    trials[core::read_trial_spec(trial / core::kTrialFile).variant_label] = trial;
  return trials;
}

std::vector<Json> events_of(const fs::path& trial, const std::string& type) {
  std::vector<Json> events;
  for (const Json& event : trial::read_event_log(trial / core::kEventsFile).events) {
    if (event.at("type") == type) events.push_back(event);
  }
  return events;
}

/// Every part of a kind as a table, `{ name = "step", every = 1 }`: what has no default is 1.
std::map<std::string, std::string> parts_of(const Workspace& workspace, const std::string& kind) {
  std::map<std::string, std::string> parts;
  const Json listed = Json::parse(workspace.segbench({"parts", kind, "--format", "json"}).out);
  for (const Json& part : listed) {
    const std::string name = part.at("name");
    std::string table = fmt::format("{{ name = \"{}\"", name);
    const ProcessResult params = workspace.segbench({"parts", kind, name, "--format", "json"});
    for (const Json& param : params.out.empty() ? Json::array() : Json::parse(params.out)) {
      if (param.at("default") == "required")
        table += fmt::format(", {} = 1", param.at("parameter").get<std::string>());
    }
    parts[name] = table + " }";
  }
  return parts;
}

TEST(TrainingSettings, EveryOptimizerAndScheduleTrainsFromAFile) {
  const Workspace workspace;
  const auto optimizers = parts_of(workspace, "optimizers"), schedules = parts_of(workspace, "schedules");
  EXPECT_GE(optimizers.size(), 7U);
  EXPECT_GE(schedules.size(), 9U);
  std::string variants;
  for (const auto& [key, parts] : {std::pair{"optimizer", &optimizers}, {"schedule", &schedules}}) {
    for (const auto& [name, table] : *parts)
      variants +=
          fmt::format("[[variant]]\nlabel = \"{} {}\"\n\"training.{}\" = {}\n", key, name, key, table);
  }
  workspace.write("all.toml", small_study("all", variants));
  const ProcessResult run = workspace.segbench({"run", "all.toml"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto trials = trials_by_label(workspace, "all");
  ASSERT_EQ(trials.size(), optimizers.size() + schedules.size());
  for (const auto& [label, trial] : trials) {
    const std::vector<Json> epochs = events_of(trial, "epoch");
    ASSERT_EQ(epochs.size(), 3U) << label;
    const bool stays = label.starts_with("optimizer") || label == "schedule constant" ||
                       label == "schedule reduce_on_plateau";  // it has the patience of ten epochs
    EXPECT_EQ(epochs[0].at("learning_rate") == epochs[2].at("learning_rate"), stays) << label;
    EXPECT_NE(epochs[0].at("loss"), epochs[2].at("loss")) << label;
    EXPECT_EQ(events_of(trial, "finished").size(), 1U) << label;
  }
}

class TrainingFeatures : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    workspace_ = std::make_unique<Workspace>();
    workspace_->write("features.toml", small_study("features", R"(keep_weights = 2
keep_weights_in = "kept"
[[variant]]
label = "plain"
[[variant]]
label = "stop"
training = { stop_at = 0.0 }
[[variant]]
label = "patience"
training = { early_stopping_patience = 1, early_stopping_min_delta = 1.0 }
[[variant]]
label = "average"
training = { moving_average = 0.5 }
[[variant]]
label = "accumulate"
training = { batch_size = 2, accumulate_batches = 2 }
[[variant]]
label = "clipped"
training = { gradient_clip_norm = 1e-6, gradient_clip_value = 1.0, optimizer = { name = "sgd", learning_rate = 0.01 } }
[[variant]]
label = "precise"
training = { batch_norm_statistics = "precise", evaluate_every = 2, select = "last" }
)"));
    run_ = workspace_->segbench({"run", "features.toml", "--report"});
    trials_ = trials_by_label(*workspace_, "features");
  }
  static void TearDownTestSuite() { workspace_.reset(); }
  void SetUp() override { ASSERT_EQ(run_.exit_code, 0) << run_.err; }
  static std::vector<Json> events(const char* label, const char* type) {
    return events_of(trials_.at(label), type);
  }
  static std::string hash_of(const char* label, const char* weights) {
    return events(label, "finished").at(0).at(weights);
  }

  inline static std::unique_ptr<Workspace> workspace_;
  inline static ProcessResult run_;
  inline static std::map<std::string, fs::path> trials_;
};

TEST_F(TrainingFeatures, StopWhereAMetricIsReachedAndWhereNothingImproves) {
  EXPECT_EQ(events("plain", "epoch").size(), 3U);
  EXPECT_EQ(events("stop", "epoch").size(), 1U);
  EXPECT_EQ(events("stop", "finished")[0].at("stopped"), "stop_at");
  EXPECT_EQ(events("patience", "epoch").size(), 2U) << "the second epoch improves by less than 1";
  EXPECT_EQ(events("patience", "finished")[0].at("stopped"), "early_stopping");
  const Json rows = Json::parse(workspace_->segbench({"status", "features", "--format", "json"}).out);
  EXPECT_EQ(rows.size(), trials_.size());
  for (const Json& row : rows) EXPECT_EQ(row.at("status"), "complete") << row;
}

TEST_F(TrainingFeatures, KeepTheBestWeightsWhereTheUserNames) {
  for (const auto& [label, trial] : trials_) {
    const fs::path kept = workspace_->path() / "kept/features" / trial.filename();
    std::size_t files = 0;
    for (const auto& file : fs::directory_iterator(kept)) {
      EXPECT_GT(core::SafetensorsFile(file.path()).entries().size(), 10U);
      ++files;
    }
    EXPECT_EQ(files, std::min<std::size_t>(
                         2, events(label.c_str(), "epoch").size() - (label == "precise" ? 1U : 0U)))
        << label;
  }
}

TEST_F(TrainingFeatures, AverageAccumulateAndClip) {
  EXPECT_NE(hash_of("average", "selected_weights_sha256"), hash_of("average", "weights_sha256"))
      << "the average is tested, not what is trained";
  EXPECT_EQ(hash_of("average", "weights_sha256"), hash_of("plain", "weights_sha256"))
      << "which it does not change";
  EXPECT_EQ(events("accumulate", "epoch")[0].at("steps"), 4) << "two batches of two make one update";
  EXPECT_NE(hash_of("accumulate", "weights_sha256"), hash_of("plain", "weights_sha256"));
  const double first = events("clipped", "epoch")[0].at("loss"),
               last = events("clipped", "epoch")[2].at("loss");
  EXPECT_NEAR(first, last, 0.05) << "steps of a millionth change next to nothing";
  EXPECT_GT(events("plain", "epoch")[0].at("loss").get<double>() -
                events("plain", "epoch")[2].at("loss").get<double>(),
            0.05);
}

TEST_F(TrainingFeatures, EvaluateAsSeldomAsIsAskedAndTestTheLastEpoch) {
  std::vector<int> epochs;
  for (const Json& event : events("precise", "evaluation")) {
    if (event.at("weights") == "current") epochs.push_back(event.at("epoch"));
  }
  EXPECT_THAT(epochs, testing::ElementsAre(2, 3)) << "every second one, and the last";
  EXPECT_EQ(events("precise", "selected")[0].at("epoch"), 3);
}

}  // namespace
}  // namespace segbench::tests
