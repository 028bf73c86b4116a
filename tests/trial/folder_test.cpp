// SPDX-License-Identifier: MIT
#include "harness/trial/folder.h"

#include <gmock/gmock.h>

#include "harness/core/files.h"
#include "harness/trial/attempt.h"
#include "tests/support/fake_trials.h"
#include "tests/support/temporary_folder.h"

namespace segbench::trial {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class FolderTest : public testing::Test {
 protected:
  FolderTest() { trial_ = tests::write_fake_trial(folder_.path(), {}); }
  std::string log() const { return core::read_file(trial_ / core::kEventsFile); }
  void write_log(const std::string& text) const {
    core::write_file_atomically(trial_ / core::kEventsFile, text);
  }
  tests::TemporaryFolder folder_;
  std::filesystem::path trial_;
};

TEST_F(FolderTest, ACompleteTrialIsReadWhole) {
  ASSERT_THAT(log(), Not(HasSubstr("chain"))) << "like the logs of older versions";
  const FolderContent content = read_folder(trial_);
  EXPECT_THAT(content.warnings, IsEmpty());
  EXPECT_EQ(content.standing.status, core::TrialStatus::kComplete);
  EXPECT_TRUE(content.events.finished);
  EXPECT_FALSE(content.events.epochs.empty());
  EXPECT_EQ(content.attempts.attempts.size(), 1);
  EXPECT_FALSE(read_environments(trial_).empty());
  EXPECT_FALSE(content.verification.has_value());
}

TEST_F(FolderTest, ATornLastLineIsPassedOver) {
  const std::string whole = log();
  write_log(whole.substr(0, whole.size() - 3));
  const FolderContent content = read_folder(trial_);
  EXPECT_EQ(content.standing.status, core::TrialStatus::kInterrupted);
  EXPECT_THAT(content.standing.message, HasSubstr("events.jsonl has no end"));
  EXPECT_FALSE(content.events.finished);
  EXPECT_FALSE(content.events.epochs.empty()) << "the lines before it are sound";
}

TEST_F(FolderTest, AMissingLogProvesNothing) {
  std::filesystem::remove(trial_ / core::kEventsFile);
  const FolderContent content = read_folder(trial_);
  EXPECT_EQ(content.standing.status, core::TrialStatus::kInterrupted);
  EXPECT_TRUE(content.events.empty);
  EXPECT_THAT(content.warnings, ElementsAre(HasSubstr("events.jsonl is missing or empty")));
}

TEST_F(FolderTest, ALogOfALaterVersionIsLeftOut) {
  std::string newer = log();
  newer.replace(newer.find("\"schema\":1"), 10, "\"schema\":7");
  write_log(newer);
  const FolderContent content = read_folder(trial_);
  EXPECT_EQ(content.standing.status, core::TrialStatus::kFailed);
  EXPECT_TRUE(content.events.empty);
  EXPECT_THAT(content.warnings, ElementsAre(HasSubstr("use the version of segbench that wrote it")));
}

TEST_F(FolderTest, FailedAttemptsBeforeASuccessAreKept) {
  std::filesystem::remove(trial_ / core::kAttemptsFile);
  append_verdict(trial_, 1,
                 {.status = core::TrialStatus::kFailed,
                  .reason = core::FailureReason::kCrashed,
                  .message = "killed by SIGSEGV",
                  .exit_code = 139},
                 1.5);
  const auto lock = core::FileLock::acquire(trial_ / core::kTrialLockFile);
  Attempt(trial_, lock).started(std::nullopt, {{"device", "cpu"}, {"threads", 2}});
  append_verdict(trial_, 2, {}, 2.0);
  const FolderContent content = read_folder(trial_);
  EXPECT_EQ(content.standing.status, core::TrialStatus::kComplete);
  EXPECT_EQ(content.standing.attempts, 2);
  EXPECT_EQ(content.standing.seconds, 3.5);
  ASSERT_EQ(content.attempts.attempts.size(), 2);
  EXPECT_EQ(content.attempts.attempts[0].reason, "crashed");
  EXPECT_EQ(content.attempts.attempts[1].status, "complete");
  EXPECT_THAT(read_environments(trial_), ElementsAre(core::Json({{"device", "cpu"}, {"threads", 2}})));
}

TEST_F(FolderTest, LinesOfTheAttemptsThatDoNotFitAreToldWithTheirPlace) {
  std::string attempts = core::read_file(trial_ / core::kAttemptsFile);
  core::write_file_atomically(trial_ / core::kAttemptsFile, attempts + "{\"type\":\"ended\",\"status\":5}\n");
  EXPECT_THAT(read_folder(trial_).warnings, Contains(HasSubstr("attempts.jsonl:3: ")));
}

}  // namespace
}  // namespace segbench::trial
