// SPDX-License-Identifier: MIT
#include "harness/run/scheduler.h"

#include <gmock/gmock.h>

#include "harness/trial/state.h"
#include "tests/run/fake_executor.h"
#include "tests/support/temporary_folder.h"

namespace segbench::run {
namespace {

using core::FailureReason;
using core::TrialStatus;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::FakeAttempt;

/// Notes what an observer hears.
class Listener : public RunObserver {
 public:
  std::vector<std::string> heard;
  std::size_t progress = 0;
  void trial_started(const TrialJob& job, int attempt) override {
    heard.push_back("started " + job.trial_id + " " + std::to_string(attempt));
  }
  void trial_progress(const TrialJob&, const WorkerProgress&) override { ++progress; }
  void trial_ended(const TrialJob& job, const Outcome& outcome, bool will_retry) override {
    heard.push_back("ended " + job.trial_id + " " + std::string(to_string(outcome.status)) +
                    (will_retry ? " retry" : ""));
  }
  void trial_held(const TrialJob& job, int process) override {
    heard.push_back("held " + job.trial_id + " by " + std::to_string(process));
  }
  void stopping(int signal, std::size_t running) override {
    heard.push_back("stopping " + std::to_string(signal) + " " + std::to_string(running));
  }
};

class SchedulerTest : public testing::Test {
 protected:
  ScheduleResult run(const std::vector<std::string>& trials) {
    std::vector<TrialJob> jobs;
    for (const std::string& trial : trials) {
      std::filesystem::create_directories(folder_ / trial);
      jobs.push_back({.trial_id = trial, .label = trial, .seed = 1, .epochs = 3, .folder = folder_ / trial});
    }
    return run_schedule(jobs, options_, executor_, listener_);
  }
  trial::TrialState state(const std::string& trial) { return trial::read_trial_state(folder_ / trial); }

  tests::TemporaryFolder folder_;
  ScheduleOptions options_;
  tests::FakeExecutor executor_;
  Listener listener_;
};

TEST_F(SchedulerTest, RunsInOrderOneAtATime) {
  const ScheduleResult result = run({"a", "b", "c"});
  EXPECT_THAT(executor_.history,
              ElementsAre("0 start a", "10 end a", "10 start b", "20 end b", "20 start c", "30 end c"));
  for (const Outcome& outcome : result.outcomes) EXPECT_EQ(outcome.status, TrialStatus::kComplete);
  EXPECT_EQ(result.signal, 0);
  EXPECT_GT(listener_.progress, 0U);
}

TEST_F(SchedulerTest, RunsSeveralAtOnceAndRefillsAtOnce) {
  options_.jobs = 2;
  executor_.attempts["a"] = {{.runs = seconds(25)}};
  run({"a", "b", "c", "d"});
  EXPECT_THAT(executor_.history, ElementsAre("0 start a", "0 start b", "10 end b", "10 start c", "20 end c",
                                             "20 start d", "25 end a", "30 end d"));
}

TEST_F(SchedulerTest, AWorkerThatSaysDoneWithoutALogCompletesNothing) {
  executor_.attempts["a"] = {{.writes_log = false}};                // says so
  executor_.attempts["b"] = {{.status = "", .writes_log = false}};  // exit code 0 without a word
  const ScheduleResult result = run({"a", "b"});
  for (const Outcome& outcome : result.outcomes) {
    EXPECT_EQ(outcome.status, TrialStatus::kFailed);
    EXPECT_EQ(outcome.reason, FailureReason::kError);
    EXPECT_THAT(outcome.message, HasSubstr("events.jsonl has no end"));
  }
  EXPECT_EQ(state("a").status, TrialStatus::kFailed);
  EXPECT_EQ(state("b").status, TrialStatus::kFailed);
}

TEST_F(SchedulerTest, ATrialWithMoreThreadsWaitsForRoom) {
  std::vector<TrialJob> jobs;
  for (const auto& [trial, threads] :
       std::vector<std::pair<std::string, int>>{{"a", 1}, {"b", 4}, {"c", 1}, {"d", 9}}) {
    std::filesystem::create_directories(folder_ / trial);
    jobs.push_back({.trial_id = trial, .label = trial, .folder = folder_ / trial, .threads = threads});
  }
  options_.jobs = 4;
  options_.most_threads = 4;
  run_schedule(jobs, options_, executor_, listener_);
  EXPECT_THAT(executor_.history, ElementsAre("0 start a", "10 end a", "10 start b", "20 end b", "20 start c",
                                             "30 end c", "30 start d", "40 end d"));
}

TEST_F(SchedulerTest, WhichTrialsSharedTheMachineIsRecorded) {
  options_.jobs = 3;
  executor_.attempts["a"] = {{.runs = seconds(25)}};
  run({"a", "b", "c", "d"});
  const auto shared = [&](const std::string& trial) {
    const core::Json event = trial::read_event_log(folder_ / trial / core::kAttemptsFile).events.back();
    return event.at("type") == "shared" ? event.at("trials_at_once").dump() + " " + event.at("with").dump()
                                        : "";
  };
  EXPECT_EQ(shared("a"), "3 [\"b\",\"c\",\"d\"]");
  EXPECT_EQ(shared("b"), "3 [\"a\",\"c\"]");
  EXPECT_EQ(state("a").status, TrialStatus::kComplete);
  run({"e"});
  EXPECT_EQ(shared("e"), "");
}

TEST_F(SchedulerTest, RetriesACrashButNotForever) {
  const FakeAttempt crash{.signal = SIGSEGV, .log_tail = "stack smashed", .status = ""};
  executor_.attempts["a"] = {crash, crash, crash};
  const ScheduleResult result = run({"a", "b"});
  EXPECT_THAT(listener_.heard, ElementsAre("started a 1", "ended a failed retry", "started a 2",
                                           "ended a failed", "started b 1", "ended b complete"));
  EXPECT_EQ(result.outcomes[0].reason, FailureReason::kCrashed);
  EXPECT_THAT(result.outcomes[0].message, HasSubstr("SIGSEGV"));
  EXPECT_THAT(result.outcomes[0].message, HasSubstr("stack smashed"));
  EXPECT_EQ(state("a").reason, FailureReason::kCrashed);
  EXPECT_EQ(state("a").attempts, 2);
}

TEST_F(SchedulerTest, ARetryMaySucceed) {
  executor_.attempts["a"] = {{.signal = SIGABRT, .status = ""}};
  const ScheduleResult result = run({"a"});
  EXPECT_EQ(result.outcomes[0], Outcome{.status = TrialStatus::kComplete});
  EXPECT_EQ(state("a").status, TrialStatus::kComplete);
  EXPECT_EQ(state("a").reason, FailureReason::kNone);
}

TEST_F(SchedulerTest, DoesNotRetryWhatWouldHappenAgain) {
  for (const std::string reason : {"diverged", "out_of_memory", "error"}) {
    executor_.attempts[reason] = {{.code = 1, .status = "failed", .reason = reason}};
  }
  const ScheduleResult result = run({"diverged", "out_of_memory", "error", "fine"});
  EXPECT_EQ(result.outcomes[0].reason, FailureReason::kDiverged);
  EXPECT_EQ(result.outcomes[1].reason, FailureReason::kOutOfMemory);
  EXPECT_EQ(result.outcomes[2].reason, FailureReason::kError);
  EXPECT_EQ(result.outcomes[3].status, TrialStatus::kComplete);
  EXPECT_EQ(state("diverged").attempts, 1);
}

TEST_F(SchedulerTest, TellsTheKernelsOutOfMemoryKillFromACrash) {
  executor_.attempts["a"] = {{.signal = SIGKILL, .out_of_memory = true, .status = ""}};
  executor_.attempts["b"] = {{.signal = SIGKILL, .status = ""}};
  options_.retries = 0;
  const ScheduleResult result = run({"a", "b"});
  EXPECT_EQ(result.outcomes[0].reason, FailureReason::kOutOfMemory);
  EXPECT_EQ(result.outcomes[1].reason, FailureReason::kCrashed);
}

TEST_F(SchedulerTest, StopsAWorkerThatRunsTooLong) {
  options_.timeout = seconds(60);
  executor_.attempts["a"] = {{.runs = seconds(1000)}};
  const ScheduleResult result = run({"a", "b"});
  EXPECT_THAT(executor_.history,
              ElementsAre("0 start a", "60 stop a with 15", "62 end a", "62 start b", "72 end b"));
  EXPECT_EQ(result.outcomes[0].reason, FailureReason::kTimeout);
  EXPECT_EQ(result.outcomes[0].message, "ran longer than 1 min 0 s");
  EXPECT_EQ(state("a").status, TrialStatus::kFailed);  // though the worker itself wrote "interrupted"
  EXPECT_EQ(state("a").reason, FailureReason::kTimeout);
}

TEST_F(SchedulerTest, KillsASilentWorkerThatDoesNotListen) {
  options_.stall = seconds(20);
  executor_.attempts["a"] = {{.runs = seconds(1000), .talks = seconds(5), .deaf = true}};
  const ScheduleResult result = run({"a"});
  EXPECT_THAT(executor_.history, ElementsAre("0 start a", "25 stop a with 15", "55 kill a", "55 end a"));
  EXPECT_EQ(result.outcomes[0].reason, FailureReason::kTimeout);
  EXPECT_EQ(result.outcomes[0].message, "no sign of life for 20 s");
}

TEST_F(SchedulerTest, SignsOfLifeKeepASlowWorkerAlive) {
  options_.stall = seconds(20);
  executor_.attempts["a"] = {{.runs = seconds(1000)}};
  EXPECT_EQ(run({"a"}).outcomes[0].status, TrialStatus::kComplete);
}

TEST_F(SchedulerTest, AnInterruptWaitsForTheCheckpoints) {
  options_.jobs = 2;
  executor_.interrupts = {{seconds(5), SIGINT}};
  const ScheduleResult result = run({"a", "b", "c"});
  EXPECT_EQ(result.signal, SIGINT);
  EXPECT_THAT(executor_.history, ElementsAre("0 start a", "0 start b", "5 stop a with 2", "5 stop b with 2",
                                             "7 end a", "7 end b"));
  EXPECT_EQ(result.outcomes[0].status, TrialStatus::kInterrupted);
  EXPECT_EQ(result.outcomes[2].status, TrialStatus::kPending);
}

TEST_F(SchedulerTest, AClosedTerminalIsARequestToEnd) {
  executor_.interrupts = {{seconds(5), SIGHUP}};
  const ScheduleResult result = run({"a"});
  EXPECT_EQ(result.signal, SIGHUP);
  EXPECT_THAT(executor_.history, ElementsAre("0 start a", "5 stop a with 15", "7 end a"));
}

TEST_F(SchedulerTest, ASecondInterruptKills) {
  executor_.attempts["a"] = {{.runs = seconds(1000), .deaf = true}};
  executor_.interrupts = {{seconds(5), SIGTERM}, {seconds(6), SIGINT}};
  const ScheduleResult result = run({"a", "b"});
  EXPECT_EQ(result.signal, SIGTERM);
  EXPECT_THAT(executor_.history, ElementsAre("0 start a", "5 stop a with 15", "6 kill a", "6 end a"));
  EXPECT_EQ(state("a").status, TrialStatus::kInterrupted);
}

TEST_F(SchedulerTest, ARepeatedRequestWithinASecondIsOne) {
  executor_.interrupts = {{seconds(5), SIGTERM}, {seconds(5), SIGHUP}, {seconds(5), SIGTERM}};
  run({"a", "b"});
  EXPECT_THAT(executor_.history, ElementsAre("0 start a", "5 stop a with 15", "7 end a"));
}

TEST_F(SchedulerTest, AWorkerThatDoesNotAnswerAnInterruptIsKilledAfterAMinute) {
  executor_.attempts["a"] = {{.runs = seconds(1000), .deaf = true}};
  executor_.interrupts = {{seconds(5), SIGINT}};
  const ScheduleResult result = run({"a", "b"});
  EXPECT_THAT(executor_.history, ElementsAre("0 start a", "5 stop a with 2", "65 kill a", "65 end a"));
  EXPECT_EQ(state("a").status, TrialStatus::kInterrupted);
  EXPECT_THAT(state("a").message, HasSubstr("continues from the one before"));
}

TEST_F(SchedulerTest, ACrashAfterAnInterruptIsNotRetried) {
  executor_.attempts["a"] = {{.runs = seconds(6), .signal = SIGSEGV, .status = "", .deaf = true}};
  executor_.interrupts = {{seconds(5), SIGINT}};
  const ScheduleResult result = run({"a"});
  EXPECT_EQ(result.outcomes[0].status, TrialStatus::kInterrupted);
  EXPECT_THAT(listener_.heard, ElementsAre("started a 1", "stopping 2 1", "ended a interrupted"));
}

TEST_F(SchedulerTest, WaitsForATrialThatAnotherProcessRuns) {
  executor_.held_until["a"] = seconds(17);
  const ScheduleResult result = run({"a", "b"});
  EXPECT_THAT(listener_.heard, ElementsAre("held a by 77", "started b 1", "ended b complete", "started a 1",
                                           "ended a complete"));
  EXPECT_EQ(executor_.history[2], "17 start a");
  EXPECT_EQ(result.outcomes[0].status, TrialStatus::kComplete);
}

TEST_F(SchedulerTest, DoesNotRepeatWhatItsHolderCompleted) {
  executor_.held_until["a"] = seconds(17);
  std::filesystem::create_directories(folder_ / "a");
  trial::EventWriter log(folder_ / "a" / core::kAttemptsFile);
  log.append("started", {{"attempt", 1}});
  log.append("ended", {{"attempt", 1}, {"status", "complete"}});
  tests::write_whole_log(folder_ / "a");
  const ScheduleResult result = run({"a"});
  EXPECT_TRUE(executor_.history.empty());
  EXPECT_EQ(result.outcomes[0].status, TrialStatus::kComplete);
}

TEST_F(SchedulerTest, ABrokenInvariantOfTheWorkerStopsTheStudy) {
  executor_.attempts["a"] = {{.code = 70, .log_tail = "invariant", .status = ""}};
  const ScheduleResult result = run({"a", "b"});
  EXPECT_TRUE(result.internal_error);
  EXPECT_EQ(result.outcomes[0].reason, FailureReason::kError);
  EXPECT_EQ(result.outcomes[1].status, TrialStatus::kPending);
}

TEST_F(SchedulerTest, RunsNothingWhenThereIsNothingToRun) {
  EXPECT_TRUE(run({}).outcomes.empty());
}

}  // namespace
}  // namespace segbench::run
