// SPDX-License-Identifier: MIT
#include "harness/run/study_plan.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>

#include "harness/core/error.h"
#include "harness/core/file_lock.h"
#include "harness/core/files.h"
#include "harness/core/identity.h"
#include "harness/core/study_file.h"
#include "harness/run/runs_folder.h"
#include "harness/run/study_lock.h"
#include "harness/run/study_warnings.h"
#include "tests/support/temporary_folder.h"

namespace segbench::run {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class StudyPlanTest : public testing::Test {
 protected:
  void SetUp() override {
    study_.name = "sizes";
    study_.question = "Which size?";
    study_.file = "experiments/sizes.toml";
    study_.seeds = {7, 8};
    for (const std::string size : {"small", "full"}) {
      core::Variant variant;
      variant.config.data.kind = "shapes";
      variant.config.model = {.architecture = "unet", .size = size};
      variant.config.training.loss.name = "cross_entropy";
      variant.config.training.optimizer.name = "adam";
      variant.id = core::variant_id(variant.config);
      variant.label = size;
      variant.axes = {{"model.size", size}};
      study_.variants.push_back(variant);
    }
    auto data = std::make_shared<data::PreparedData>();
    data->cache = folder_ / "runs" / "cache" / "f00d";
    data->splits = {.train = {0, 1, 2}, .selection = {3}, .test = {4, 5}};
    data->audit.data_fingerprint = "f00d";
    data_ = {data, data};
  }
  StudyPlan plan() { return plan_study(study_, data_, folder_ / "runs"); }

  tests::TemporaryFolder folder_;
  study::Study study_;
  StudyData data_;
};

TEST_F(StudyPlanTest, PutsAllVariantsOfOneSeedFirst) {
  std::vector<std::string> order;
  for (const PlannedTrial& trial : plan().trials) {
    order.push_back(trial.spec.variant_label + " " + std::to_string(trial.spec.seed));
  }
  EXPECT_THAT(order, ElementsAre("small 7", "full 7", "small 8", "full 8"));
}

TEST_F(StudyPlanTest, PlansAnEnsembleOverSeedsOnceForEveryFew) {
  study_.seeds = {7, 8, 9};
  study_.variants[1].config.ensemble = {study_.variants[0].id};
  study_.variants[1].config.ensemble_seeds = 2;
  study_.variants[1].id = core::variant_id(study_.variants[1].config);
  study_.variants[1].label = "two small";
  const StudyPlan planned = plan();
  std::vector<std::string> order;
  for (const PlannedTrial& trial : planned.trials)
    order.push_back(trial.spec.variant_label + " " + std::to_string(trial.spec.seed));
  EXPECT_THAT(order, ElementsAre("small 7", "two small 7", "small 8", "small 9"));
  std::filesystem::create_directories(planned.folder);
  core::write_file_atomically(planned.folder / core::kStudyFile,
                              describe_study(study_, planned, data_, "segbench run").dump());
  std::vector<std::string> listed;
  for (const ListedTrial& trial : list_trials(folder_ / "runs", "sizes")) {
    listed.push_back(trial.variant_label + " " + std::to_string(trial.seed));
    EXPECT_EQ(trial.trial_id, core::trial_id(trial.variant_id, trial.seed, "f00d"));
  }
  EXPECT_EQ(listed, order) << "the study file tells the same trials";
}

TEST_F(StudyPlanTest, GivesEachSeedItsFold) {
  auto data = std::make_shared<data::PreparedData>(*data_.front());
  data->audit.fold_splits = {{.train = {0, 1}, .selection = {2}, .test = {3}},
                             {.train = {2, 3}, .selection = {1}, .test = {0}},
                             {.train = {3, 0}, .selection = {2}, .test = {1}}};
  data_ = {data, data};
  for (core::Variant& variant : study_.variants) variant.config.data.folds = 3;
  for (const PlannedTrial& trial : plan().trials)
    EXPECT_EQ(trial.spec.splits.test.front(), trial.spec.seed == 7 ? 0 : 1);
  const std::vector<StudyWarning> warnings = variant_warnings(study_, {2, 2});
  const auto told = std::find_if(warnings.begin(), warnings.end(), [](const StudyWarning& entry) {
    return entry.warning.code == "folds_left_out";
  });
  ASSERT_NE(told, warnings.end());
  EXPECT_THAT(told->warning.message, HasSubstr("with the seeds 7, 8 no trial leaves out fold 0"));
  study_.seeds = {1, 2, 3};
  for (const StudyWarning& entry : variant_warnings(study_, {2, 2}))
    EXPECT_NE(entry.warning.code, "folds_left_out");
}

TEST_F(StudyPlanTest, FillsTheSpecification) {
  const PlannedTrial trial = plan().trials.at(3);
  EXPECT_EQ(trial.spec.trial_id, core::trial_id(study_.variants[1].id, 8, "f00d"));
  EXPECT_EQ(trial.folder, folder_ / "runs" / "sizes" / "trials" / trial.spec.trial_id);
  EXPECT_EQ(trial.spec.cache, "../../../cache/f00d");
  EXPECT_EQ(trial.spec.splits.test, (std::vector<std::int64_t>{4, 5}));
  ASSERT_TRUE(write_trial_spec(trial));
  EXPECT_EQ(to_json(core::read_trial_spec(trial.folder / core::kTrialFile)), to_json(trial.spec));
  EXPECT_FALSE(write_trial_spec(trial)) << "nothing changed, nothing is written";
}

TEST_F(StudyPlanTest, AChangedOrDamagedSpecificationIsWrittenAnew) {
  PlannedTrial trial = plan().trials.at(0);
  write_trial_spec(trial);
  trial.spec.variant_label = "unet small";
  trial.spec.axes["model.architecture"] = "unet";
  trial.spec.variant.data.root = "elsewhere";
  EXPECT_TRUE(write_trial_spec(trial));
  EXPECT_EQ(core::read_trial_spec(trial.folder / core::kTrialFile).variant_label, "unet small");
  for (const char* damaged : {"", "{\"schema\": 1}", "rubbish"}) {
    core::write_file_atomically(trial.folder / core::kTrialFile, damaged);
    EXPECT_TRUE(write_trial_spec(trial)) << damaged;
    EXPECT_EQ(to_json(core::read_trial_spec(trial.folder / core::kTrialFile)), to_json(trial.spec));
  }
}

TEST_F(StudyPlanTest, AnotherFileOfTheSameNameIsTold) {
  const StudyPlan planned = plan();
  EXPECT_FALSE(namesake_warning(study_, planned.folder));
  std::filesystem::create_directories(planned.folder);
  study_.file = "mine.toml";
  study_.source = "name = \"sizes\"";
  core::write_file_atomically(planned.folder / core::kStudyFile,
                              describe_study(study_, planned, data_, "x").dump());
  study_.source = "name = \"sizes\"  # edited";
  EXPECT_FALSE(namesake_warning(study_, planned.folder)) << "the same file";
  study_.file = "theirs.toml";
  EXPECT_THAT(namesake_warning(study_, planned.folder)->message,
              testing::HasSubstr("was made from mine.toml; theirs.toml"));
}

TEST_F(StudyPlanTest, ARefusedStudyLeavesNoTraces) {
  const std::filesystem::path runs = folder_ / "fresh";
  for (const char* folder : {"sizes", "cache"}) {
    std::filesystem::create_directories(runs / folder);
    std::ofstream(runs / folder / "lock") << "1";
  }
  std::ofstream(runs / "cache" / "images.u8") << "x";
  remove_traces(runs / "sizes", runs / "cache");
  EXPECT_FALSE(std::filesystem::exists(runs / "sizes"));
  EXPECT_TRUE(std::filesystem::exists(runs / "cache" / "lock")) << "somebody's data";
  std::filesystem::remove(runs / "cache" / "images.u8");
  remove_traces(runs / "sizes", runs / "cache");
  EXPECT_FALSE(std::filesystem::exists(runs));
}

TEST_F(StudyPlanTest, DescribesTheStudy) {
  auto other = std::make_shared<data::PreparedData>(*data_[0]);
  other->audit.findings = {{.refuses = false, .file = "a.png", .message = "odd", .code = "odd"}};
  data_[1] = other;
  const core::Json json = describe_study(study_, plan(), data_, "segbench run experiments/sizes.toml");
  EXPECT_EQ(json.at("schema"), 1);
  EXPECT_EQ(json.at("name"), "sizes");
  EXPECT_EQ(json.at("trials").size(), 4U);
  EXPECT_EQ(json.at("variants").at(1).at("label"), "full");
  EXPECT_EQ(json.at("variants").at(1).at("config"), to_json(study_.variants[1].config));
  EXPECT_EQ(json.at("command"), "segbench run experiments/sizes.toml");
  ASSERT_EQ(json.at("audit").at("findings").size(), 1U)
      << "findings of the other variants' data are told, too";
}

TEST_F(StudyPlanTest, OneStudyIsRunByOneProcess) {
  std::filesystem::create_directories(folder_ / "sizes");
  const core::FileLock lock = lock_study(folder_ / "sizes");
  try {
    lock_study(folder_ / "sizes");
    FAIL() << "locked twice";
  } catch (const core::UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("run by process " + std::to_string(::getpid())));
  }
}

TEST_F(StudyPlanTest, AFolderThatCannotBeWrittenIsSaidFirst) {
  core::write_file_atomically(folder_ / "file", "");
  EXPECT_THROW(require_writable(folder_ / "file" / "runs"), core::UserError);
  require_writable(folder_ / "runs" / "deep");
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "runs" / "deep"));
}

}  // namespace
}  // namespace segbench::run
