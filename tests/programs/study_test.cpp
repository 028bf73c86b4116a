// SPDX-License-Identifier: MIT
// A study from its file to its report, with the built programs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/trial.h"
#include "tests/programs/workspace.h"

namespace segbench::tests {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

core::Json json_of(const ProcessResult& result) {
  EXPECT_EQ(result.exit_code, 0) << result.err;
  return core::Json::parse(result.out);
}

class StudyTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    workspace_ = std::make_unique<Workspace>();
    workspace_->write("tiny.toml", tiny_study("tiny"));
    first_run_ = workspace_->segbench({"run", "tiny.toml"});
  }
  static void TearDownTestSuite() { workspace_.reset(); }

  inline static std::unique_ptr<Workspace> workspace_;
  inline static ProcessResult first_run_;
};

TEST_F(StudyTest, EveryTrialCompletes) {
  EXPECT_EQ(first_run_.exit_code, 0) << first_run_.err;
  const auto trials = workspace_->trials("tiny");
  ASSERT_EQ(trials.size(), 4u);
  for (const auto& trial : trials) {
    EXPECT_TRUE(std::filesystem::exists(trial / core::kWeightsFile)) << trial;
    EXPECT_FALSE(std::filesystem::exists(trial / core::kCheckpointFile)) << trial;
    EXPECT_THAT(computed_events(trial).back(), HasSubstr("\"finished\"")) << trial;
  }
  EXPECT_TRUE(std::filesystem::exists(workspace_->path() / "runs/results.sqlite"));
}

TEST_F(StudyTest, ACompleteTrialIsNotRunAgain) {
  const auto trial = workspace_->trials("tiny").front();
  const std::string events = core::read_file(trial / core::kEventsFile);
  const std::string attempts = core::read_file(trial / core::kAttemptsFile);
  const ProcessResult again = workspace_->segbench({"run", "tiny.toml"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(core::read_file(trial / core::kEventsFile), events);
  EXPECT_EQ(core::read_file(trial / core::kAttemptsFile), attempts);
}

TEST_F(StudyTest, EveryViewOfTheResultsAgrees) {
  const core::Json compared = json_of(workspace_->segbench({"compare", "tiny", "--format", "json"}));
  ASSERT_EQ(compared.size(), 2u);
  const core::Json status = json_of(workspace_->segbench({"status", "tiny", "--format", "json"}));
  ASSERT_EQ(status.size(), 4u);
  for (const core::Json& row : status) EXPECT_EQ(row.at("status"), "complete");
  EXPECT_EQ(workspace_->segbench({"metrics", "tiny"}).exit_code, 0);
  EXPECT_EQ(workspace_->segbench({"plan", "tiny.toml"}).exit_code, 0);
  EXPECT_EQ(workspace_->segbench({"audit", "tiny.toml"}).exit_code, 0);
}

TEST_F(StudyTest, TheReportIsOneOfflineFileWhoseNumbersAreRecomputed) {
  const ProcessResult report = workspace_->segbench({"report", "tiny"});
  ASSERT_EQ(report.exit_code, 0) << report.err;
  const std::string html = core::read_file(workspace_->path() / "runs/tiny/report/index.html");
  EXPECT_THAT(html, HasSubstr("Which one?"));
  EXPECT_THAT(html, Not(HasSubstr("src=\"http")));
  EXPECT_THAT(html, Not(HasSubstr("href=\"http")));
  EXPECT_EQ(workspace_->segbench({"report", "tiny", "--check"}).exit_code, 0);
}

TEST_F(StudyTest, TheStoreIsRebuiltFromTheLogs) {
  const auto dump = [&] { return workspace_->segbench({"compare", "tiny", "--format", "json"}).out; };
  const std::string before = dump();
  std::filesystem::remove(workspace_->path() / "runs/results.sqlite");
  const ProcessResult import = workspace_->segbench({"import"});
  EXPECT_EQ(import.exit_code, 0) << import.err;
  EXPECT_EQ(dump(), before);
}

TEST_F(StudyTest, AnotherSeedIsAnotherTrialAndOldOnesStay) {
  const ProcessResult more = workspace_->segbench({"run", "tiny.toml", "--set", "trials.seeds=[1, 2, 3]"});
  EXPECT_EQ(more.exit_code, 0) << more.err;
  EXPECT_EQ(workspace_->trials("tiny").size(), 6u);
}

TEST(BadInput, AllProblemsAtOnceAndNothingIsCreated) {
  const Workspace workspace;
  workspace.write("bad.toml",
                  "schema = 1\nname = \"bad\"\n[data]\nkind = \"shaps\"\n[model]\narchitecture = \"unet\"\n"
                  "wdth = 2\n[training]\nepochs = 0\nbatch_size = 4\nloss = \"cross_entropy\"\n"
                  "optimizer = \"adam\"\n");
  const ProcessResult result = workspace.segbench({"run", "bad.toml"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("bad.toml:4:"));
  EXPECT_THAT(result.err, HasSubstr("did you mean \"shapes\"?"));
  EXPECT_THAT(result.err, HasSubstr("bad.toml:7:"));
  EXPECT_THAT(result.err, HasSubstr("did you mean \"width\"?"));
  EXPECT_THAT(result.err, HasSubstr("bad.toml:9:"));
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(workspace.path() / "runs"));
}

TEST(BadInput, ExitCodesTellWhatWentWrong) {
  const Workspace workspace;
  EXPECT_EQ(workspace.segbench({"run", "absent.toml"}).exit_code, 2);
  EXPECT_EQ(workspace.segbench({"runn"}).exit_code, 2);
  EXPECT_EQ(workspace.segbench({"compare", "nothing"}).exit_code, 2);
  workspace.write("tiny.toml", tiny_study("tiny"));
  const ProcessResult no_gpu = workspace.segbench({"run", "tiny.toml", "--device", "cuda:99"});
  EXPECT_EQ(no_gpu.exit_code, core::kNoDevice) << no_gpu.err;
  EXPECT_THAT(no_gpu.err, Not(HasSubstr("does not work here"))) << "the worker's own words suffice";
  EXPECT_EQ(workspace.segbench({"--help"}).exit_code, 0);
  EXPECT_EQ(workspace.segbench({"--version"}).exit_code, 0);
}

TEST(BadTrial, ADivergedTrialIsRecordedAndTheStudyGoesOn) {
  const Workspace workspace;
  std::string study = tiny_study("wild");
  study.replace(study.find("[matrix]"), std::string::npos,
                "[model]\narchitecture = \"unet\"\nsize = \"small\"\nwidth = 0.0625\n"
                "[matrix]\n\"training.optimizer.learning_rate\" = [1e30, 0.01]\n");
  workspace.write("wild.toml", study);
  const ProcessResult result = workspace.segbench({"run", "wild.toml"});
  EXPECT_EQ(result.exit_code, 1) << result.err;
  const core::Json status = json_of(workspace.segbench({"status", "wild", "--format", "json"}));
  int complete = 0, diverged = 0;
  for (const core::Json& row : status) {
    complete += row.at("status") == "complete" ? 1 : 0;
    diverged += row.at("reason") == "diverged" ? 1 : 0;
  }
  EXPECT_EQ(complete, 2);
  EXPECT_EQ(diverged, 2);
  EXPECT_EQ(workspace.segbench({"report", "wild"}).exit_code, 0);
}

}  // namespace
}  // namespace segbench::tests
