// SPDX-License-Identifier: MIT
#include "harness/trial/state.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "harness/core/machine.h"
#include "harness/trial/attempt.h"
#include "harness/trial/event_log.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/whole_log.h"

namespace segbench::trial {
namespace {

using core::FailureReason;
using core::TrialStatus;

class TrialStateTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(trial_); }
  void attempt_begins(int number, int process, const std::string& host = core::host_name()) {
    EventWriter(trial_ / core::kAttemptsFile)
        .append("started", {{"attempt", number}, {"pid", process}, {"host", host}});
  }
  void attempt_ends(int number, const char* status, const char* reason = "") {
    EventWriter(trial_ / core::kAttemptsFile)
        .append("ended", {{"attempt", number}, {"status", status}, {"reason", reason}, {"seconds", 2.5}});
  }
  void scheduler_ends(int number, core::FailureReason reason) {
    append_verdict(trial_, number, {.status = TrialStatus::kFailed, .reason = reason, .exit_code = 1}, 2.5);
  }
  tests::TemporaryFolder folder_;
  std::filesystem::path trial_ = folder_ / "0123456789abcdef";
};

TEST_F(TrialStateTest, NothingYetIsPending) {
  const TrialState state = read_trial_progress(folder_ / "absent");
  EXPECT_EQ(state.status, TrialStatus::kPending);
  EXPECT_EQ(state.seconds, std::nullopt);
  EXPECT_EQ(state.epoch, std::nullopt);
}

TEST_F(TrialStateTest, TheLastEndingCounts) {
  attempt_begins(1, 1);
  attempt_ends(1, "failed", "crashed");
  EXPECT_EQ(read_trial_standing(trial_).reason, FailureReason::kCrashed);
  attempt_begins(2, 1);
  attempt_ends(2, "complete");
  EXPECT_EQ(read_trial_standing(trial_).status, TrialStatus::kInterrupted) << "there is no log that says so";
  tests::write_whole_log(trial_);
  const TrialStanding state = read_trial_standing(trial_);
  EXPECT_EQ(state.status, TrialStatus::kComplete);
  EXPECT_EQ(state.reason, FailureReason::kNone);
  EXPECT_EQ(state.attempts, 2);
  EXPECT_EQ(state.seconds, 5.0);
}

TEST_F(TrialStateTest, AVerdictOfTheSchedulerReplacesTheWorkersWord) {
  attempt_begins(1, 1);
  attempt_ends(1, "interrupted");
  scheduler_ends(1, FailureReason::kTimeout);
  const TrialStanding state = read_trial_standing(trial_);
  EXPECT_EQ(state.status, TrialStatus::kFailed);
  EXPECT_EQ(state.reason, FailureReason::kTimeout);
  EXPECT_EQ(state.seconds, 2.5);
}

TEST_F(TrialStateTest, AnOpenAttemptIsRunningWhileItsProcessLives) {
  tests::Process child({"/bin/sh", "-c", "sleep 30; :", trial_.filename()}, folder_.path());
  while (!core::process_mentions(child.pid(), trial_.filename().string()))
    ::usleep(1000);  // until it is loaded
  attempt_begins(1, child.pid());
  EXPECT_EQ(read_trial_standing(trial_).status, TrialStatus::kRunning);
  EXPECT_EQ(read_trial_standing(trial_).process, child.pid());
  ::kill(-child.pid(), SIGKILL);
  child.wait();
  EXPECT_EQ(read_trial_standing(trial_).status, TrialStatus::kInterrupted);
  // A process that was given the same number later is another one.
  attempt_begins(2, ::getpid());
  EXPECT_EQ(read_trial_standing(trial_).status, TrialStatus::kInterrupted);
}

TEST_F(TrialStateTest, AnotherHostCannotBeAsked) {
  attempt_begins(1, 1, "elsewhere");
  EXPECT_EQ(read_trial_standing(trial_).status, TrialStatus::kRunning);
  EXPECT_EQ(read_trial_standing(trial_).host, "elsewhere");
}

TEST_F(TrialStateTest, ReadsTheLastEpochAndSelection) {
  {
    EventWriter events(trial_ / core::kEventsFile);
    events.append("trial", {{"seed", 1}});
    for (int epoch = 1; epoch <= 3; ++epoch) {
      events.append("epoch", {{"epoch", epoch}, {"loss", 1.0 / epoch}});
      events.append("evaluation", {{"epoch", epoch}, {"split", "selection"}});
    }
    events.append("selected", {{"epoch", 2}, {"metric", "miou"}, {"value", 0.5}});
    for (int i = 0; i < 2000; ++i) events.append("image", {{"index", i}, {"epoch", 2}});
  }
  const TrialState state = read_trial_progress(trial_);
  EXPECT_EQ(state.epoch, 3);
  EXPECT_EQ(state.loss, 1.0 / 3);
  EXPECT_EQ(state.selected_epoch, 2);
  EXPECT_EQ(state.selection_metric, "miou");
  EXPECT_EQ(state.selection_value, 0.5);
}

TEST_F(TrialStateTest, ATornOrDamagedLineIsPassedOver) {
  std::ofstream(trial_ / core::kEventsFile)
      << "{\"epoch\":1,\"loss\":null,\"type\":\"epoch\"}\n{\"epoch\":2,\"type\":\"epoch\"";
  TrialState state = read_trial_progress(trial_);
  EXPECT_EQ(state.epoch, 1);
  EXPECT_EQ(state.loss, std::nullopt);
  std::ofstream(trial_ / core::kEventsFile) << "\0\x01rubbish\"type\":\"epoch\"\n";
  EXPECT_EQ(read_trial_progress(trial_).epoch, std::nullopt);
  std::ofstream(trial_ / core::kAttemptsFile) << "{\"type\":\"ended\",\"status\":5}\n[]\n";
  EXPECT_EQ(read_trial_progress(trial_).status, TrialStatus::kPending) << "what cannot be read says nothing";
}

}  // namespace
}  // namespace segbench::trial
