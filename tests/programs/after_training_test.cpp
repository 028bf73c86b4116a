// SPDX-License-Identifier: MIT
// What comes after training, from the experiment file to the report: refinements, thresholds, film strips,
// classes that are taken for each other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/files.h"
#include "harness/core/predictions.h"
#include "harness/core/trial.h"
#include "harness/trial/event_log.h"
#include "tests/programs/workspace.h"

namespace segbench::tests {
namespace {

using core::Json;
using testing::HasSubstr;
namespace fs = std::filesystem;

class AfterTraining : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    workspace_ = std::make_unique<Workspace>();
    workspace_->write("after.toml", R"(schema = 1
name = "after"
[data]
kind = "shapes"
resolution = [32, 32]
train_images = 12
selection_images = 4
test_images = 6
merge = { thing = ["disc", "box", "ring", "striped", "triangle", "wire"] }
[model]
architecture = "unet"
size = "small"
width = 0.125
batch_norm_momentum = 0.5
[training]
epochs = 6
batch_size = 4
loss = { name = "cross_entropy", class_weights = "inverse_frequency" }
optimizer = { name = "adam", learning_rate = 0.01 }
[trials]
seeds = [1]
[run]
threads = 1
film_strip = true
[[variant]]
label = "plain"
[[variant]]
label = "crf"
evaluation = { refine = [{ name = "dense_crf", iterations = 3 }] }
[[variant]]
label = "searched"
evaluation = { threshold = "search", thresholds = [0.2, 0.5, 0.8] }
[[variant]]
label = "flipped"
evaluation = { test_time_augmentation = ["horizontal_flip"] }
)");
    run_ = workspace_->segbench({"run", "after.toml", "--report"});
    for (const fs::path& trial : workspace_->trials("after"))
      trials_[core::read_trial_spec(trial / core::kTrialFile).variant_label] = trial;
  }
  static void TearDownTestSuite() { workspace_.reset(); }
  void SetUp() override {
    ASSERT_EQ(run_.exit_code, 0) << run_.err;
    ASSERT_EQ(trials_.size(), 4U);
  }

  static Json event(const std::string& label, const std::string& type) {
    for (const Json& event : trial::read_event_log(trials_.at(label) / core::kEventsFile).events) {
      if (event.at("type") == type) return event;
    }
    ADD_FAILURE() << label << " has no event " << type;
    return nullptr;
  }
  /// The counts of the test split.
  static Json tested(const std::string& label) {
    for (const Json& event : trial::read_event_log(trials_.at(label) / core::kEventsFile).events) {
      if (event.at("type") == "evaluation" && event.at("split") == "test") return event.at("tp");
    }
    return nullptr;
  }
  static fs::path report() { return workspace_->path() / "runs/after/report"; }

  inline static std::unique_ptr<Workspace> workspace_;
  inline static ProcessResult run_;
  inline static std::map<std::string, fs::path> trials_;
};

TEST_F(AfterTraining, DecidesByWhatTheFileSaysOfTheSameWeights) {
  for (const char* label : {"crf", "searched", "flipped"})
    EXPECT_EQ(event(label, "finished").at("weights_sha256"), event("plain", "finished").at("weights_sha256"))
        << label;
  EXPECT_NE(tested("crf"), tested("plain"));
  EXPECT_NE(tested("flipped"), tested("plain"));
  const Json threshold = event("searched", "threshold");
  EXPECT_EQ(threshold.at("curve").size(), 3U);
  EXPECT_EQ(tested("searched") == tested("plain"), threshold.at("value") == 0.5);
}

TEST_F(AfterTraining, TheReportShowsTheFilmStrip) {
  const std::string page = core::read_file(report() / "index.html");
  EXPECT_THAT(page, HasSubstr("What trials predicted after each epoch"));
  EXPECT_THAT(page, HasSubstr("plain, epoch 1"));
  EXPECT_THAT(page, HasSubstr("plain, epoch 6"));
  EXPECT_EQ(core::film_of(trials_.at("plain")).size(), 6U);
}

TEST_F(AfterTraining, TheReportShowsTheCurveOfThresholds) {
  EXPECT_THAT(core::read_file(report() / "index.html"), HasSubstr("Thresholds on the selection split"));
  const std::string table = core::read_file(report() / "tables/thresholds.csv");
  EXPECT_THAT(table, HasSubstr("searched,miou_no_background,0.2,"));
  EXPECT_THAT(core::read_file(report() / "plots/thresholds.gp"), HasSubstr("threshold"));
}

TEST_F(AfterTraining, ClassesThatAreTakenForEachOtherAreNamed) {
  const Json rows =
      Json::parse(workspace_->segbench({"metrics", "after", "--confusion", "--format", "json"}).out);
  ASSERT_EQ(rows.size(), 4U) << "one pair of classes a variant";
  const std::string page = core::read_file(report() / "index.html");
  EXPECT_THAT(page, HasSubstr("Classes taken for each other"));
  EXPECT_THAT(page, HasSubstr("Confusion of the leader"));
  EXPECT_THAT(core::read_file(report() / "plots/confusion.gp"), HasSubstr("confusion.dat"));
  const std::string table = core::read_file(report() / "tables/confusions.csv");
  for (const Json& row : rows) {
    EXPECT_EQ(row.at("class"), "background");
    EXPECT_EQ(row.at("other class"), "thing");
    EXPECT_THAT(table, HasSubstr(row.at("variant").get<std::string>() + ",background,thing," +
                                 row.at("taken_for_it").dump() + "," + row.at("and_back").dump() + ","));
  }
  const ProcessResult one = workspace_->segbench(
      {"metrics", trials_.at("plain").filename().string().substr(0, 8), "--confusion", "--format", "json"});
  EXPECT_EQ(Json::parse(one.out).size(), 1U) << one.err;
}

TEST_F(AfterTraining, TheReportsNumbersAreRecomputed) {
  EXPECT_EQ(workspace_->segbench({"report", "after", "--check"}).exit_code, 0);
}

}  // namespace
}  // namespace segbench::tests
