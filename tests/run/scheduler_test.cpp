// SPDX-License-Identifier: MIT
#include "harness/run/scheduler.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <optional>

#include "harness/core/error.h"
#include "harness/trial/standing.h"
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
  void job_started(const Job& job, int attempt) override {
    heard.push_back("started " + job.id + " " + std::to_string(attempt));
  }
  void job_progress(const Job&, const WorkerProgress&) override { ++progress; }
  void job_ended(const Job& job, const Outcome& outcome, bool will_retry) override {
    heard.push_back("ended " + job.id + " " + std::string(to_string(outcome.status)) +
                    (will_retry ? " retry" : ""));
  }
  void job_held(const Job& job, int process) override {
    heard.push_back("held " + job.id + " by " + std::to_string(process));
  }
  void job_left(const Job& job) override { heard.push_back("left " + job.id); }
  void place_lost(const Place& place, const std::string& why, std::size_t left) override {
    heard.push_back("lost " + place.name + ", " + std::to_string(left) + " left: " + why.substr(0, 20));
  }
  void stopping(int signal, std::size_t running) override {
    heard.push_back("stopping " + std::to_string(signal) + " " + std::to_string(running));
  }
};

class SchedulerTest : public testing::Test {
 protected:
  ScheduleResult run(const std::vector<std::string>& trials) {
    std::vector<Job> jobs;
    for (const std::string& trial : trials) {
      std::filesystem::create_directories(folder_ / trial);
      jobs.push_back(
          {.kind = &kind_, .id = trial, .label = trial, .seed = 1, .epochs = 3, .folder = folder_ / trial});
      if (processes_.contains(trial)) jobs.back().resources.processes = processes_.at(trial);
    }
    return run_schedule(jobs, options_, executor_, listener_);
  }
  trial::TrialStanding state(const std::string& trial) { return trial::read_trial_standing(folder_ / trial); }

  tests::TemporaryFolder folder_;
  ScheduleOptions options_;
  std::map<std::string, int> processes_;  ///< of trials that have several
  tests::FakeExecutor executor_;
  tests::FakeTraining kind_{executor_};
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

TEST_F(SchedulerTest, AsksForFurtherJobsWhenOneHasEnded) {
  options_.jobs = 2;
  std::vector<std::string> further = {"b", "c", "d"};
  int asked = 0;
  const JobSource source = [&]() -> std::optional<Job> {
    ++asked;
    // The third one depends on what became of the first two.
    if (further.empty() || (further.front() == "c" && state("b").status != TrialStatus::kComplete))
      return std::nullopt;
    const std::string id = further.front();
    further.erase(further.begin());
    std::filesystem::create_directories(folder_ / id);
    return Job{.kind = &kind_, .id = id, .label = id, .seed = 1, .epochs = 3, .folder = folder_ / id};
  };
  std::filesystem::create_directories(folder_ / "a");
  const Job first{.kind = &kind_, .id = "a", .label = "a", .seed = 1, .epochs = 3, .folder = folder_ / "a"};
  executor_.attempts["b"] = {{.runs = seconds(15)}};
  const ScheduleResult result = run_schedule({first}, options_, executor_, listener_, source);
  EXPECT_THAT(executor_.history, ElementsAre("0 start a", "0 start b", "10 end a", "15 end b", "15 start c",
                                             "15 start d", "25 end c", "25 end d"));
  ASSERT_EQ(result.outcomes.size(), 4U);
  for (const Outcome& outcome : result.outcomes) EXPECT_EQ(outcome.status, TrialStatus::kComplete);
  EXPECT_LE(asked, 8) << "not at every tick";
}

TEST_F(SchedulerTest, AsksForNoFurtherJobOnceItIsToStop) {
  executor_.interrupts = {{seconds(3), SIGTERM}};
  const JobSource source = [&]() -> std::optional<Job> {
    std::filesystem::create_directories(folder_ / "b");
    return Job{.kind = &kind_, .id = "b", .label = "b", .seed = 1, .epochs = 3, .folder = folder_ / "b"};
  };
  std::filesystem::create_directories(folder_ / "a");
  const Job first{.kind = &kind_, .id = "a", .label = "a", .seed = 1, .epochs = 3, .folder = folder_ / "a"};
  const ScheduleResult result = run_schedule({first}, options_, executor_, listener_, source);
  EXPECT_EQ(result.signal, SIGTERM);
  EXPECT_EQ(result.outcomes.size(), 1U);
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
  std::vector<Job> jobs;
  for (const auto& [trial, threads] :
       std::vector<std::pair<std::string, int>>{{"a", 1}, {"b", 4}, {"c", 1}, {"d", 9}}) {
    std::filesystem::create_directories(folder_ / trial);
    jobs.push_back({.kind = &kind_,
                    .id = trial,
                    .label = trial,
                    .folder = folder_ / trial,
                    .resources = {.threads = threads}});
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

const FakeAttempt kNoMemory{.code = 1, .status = "failed", .reason = "out_of_memory"};
const FakeAttempt kNoDevice{.runs = seconds(2), .code = 1, .status = "failed", .reason = "device"};

std::vector<Place> two_places(int jobs) {
  return {{.name = "one", .device = "cuda:0", .visible = "GPU-1", .jobs = jobs},
          {.name = "two", .device = "cuda:0", .visible = "GPU-2", .jobs = jobs}};
}

TEST_F(SchedulerTest, DividesJobsAmongPlaces) {
  options_.places = two_places(2);
  executor_.attempts["a"] = {{.runs = seconds(25)}};
  run({"a", "b", "c", "d", "e"});
  EXPECT_THAT(executor_.history, ElementsAre("0 start a on GPU-1", "0 start b on GPU-2", "0 start c on GPU-1",
                                             "0 start d on GPU-2", "10 end b", "10 end c", "10 end d",
                                             "10 start e on GPU-2", "20 end e", "25 end a"));
}

TEST_F(SchedulerTest, RunsNoMoreAtOnceThanAskedForWhateverThePlacesHold) {
  options_.places = two_places(1);
  options_.jobs = 1;
  run({"a", "b"});
  EXPECT_THAT(executor_.history,
              ElementsAre("0 start a on GPU-1", "10 end a", "10 start b on GPU-1", "20 end b"));
}

TEST_F(SchedulerTest, AJobOfSeveralProcessesTakesAPlaceForEach) {
  options_.places = two_places(1);
  options_.places.push_back({.name = "three", .device = "cuda:0", .visible = "GPU-3"});
  processes_ = {{"b", 2}, {"c", 3}, {"d", 3}};
  executor_.attempts["a"] = {{.runs = seconds(15)}};
  run({"a", "b", "c", "d", "e"});
  EXPECT_THAT(executor_.history,
              ElementsAre("0 start a on GPU-1", "0 start b on GPU-2,GPU-3", "10 end b", "15 end a",
                          "15 start c on GPU-1,GPU-2,GPU-3", "25 end c", "25 start d on GPU-1,GPU-2,GPU-3",
                          "35 end d", "35 start e on GPU-1", "45 end e"));
}

TEST_F(SchedulerTest, AJobOfMoreProcessesThanPlacesSharesThem) {
  options_.places = two_places(2);
  processes_ = {{"a", 4}, {"b", 4}};
  run({"a", "b"});
  EXPECT_THAT(executor_.history,
              ElementsAre("0 start a on GPU-1,GPU-2", "0 start b on GPU-1,GPU-2", "10 end a", "10 end b"))
      << "two at once on each";
}

TEST_F(SchedulerTest, PartsOfGpusAreNotPutTogether) {
  options_.places = two_places(1);
  options_.places[0].is_part = options_.places[1].is_part = true;
  processes_ = {{"a", 2}, {"b", 2}, {"c", 2}};
  run({"a", "b"});
  EXPECT_THAT(executor_.history,
              ElementsAre("0 start a on GPU-1", "0 start b on GPU-2", "10 end a", "10 end b"));
  executor_.history.clear();
  options_.places[1].is_part = false;
  run({"c"});
  EXPECT_THAT(executor_.history, ElementsAre("10 start c on GPU-2", "20 end c")) << "a whole one goes before";
}

TEST_F(SchedulerTest, AnyDeviceOfAJobThatIsLostEndsAllItsPlaces) {
  options_.places = two_places(1);
  options_.places.push_back({.name = "three", .device = "cuda:0", .visible = "GPU-3"});
  processes_ = {{"a", 2}};
  executor_.attempts["a"] = {kNoDevice};
  const ScheduleResult result = run({"a", "b"});
  EXPECT_THAT(executor_.history, ElementsAre("0 start a on GPU-1,GPU-2", "0 start b on GPU-3", "2 end a",
                                             "10 end b", "10 start a on GPU-3", "20 end a"));
  EXPECT_EQ(result.outcomes[0].status, TrialStatus::kComplete) << "its processes share the one that is left";
  EXPECT_THAT(listener_.heard,
              testing::IsSupersetOf({HasSubstr("lost one, 2 left"), HasSubstr("lost two, 1 left")}));
}

TEST_F(SchedulerTest, WhatRanOutOfMemoryBesideOthersIsTriedAloneOnce) {
  options_.jobs = 2;
  executor_.attempts["a"] = {kNoMemory};
  executor_.attempts["b"] = {{.runs = seconds(15)}};
  executor_.attempts["c"] = {kNoMemory, kNoMemory};
  const ScheduleResult result = run({"a", "b", "c", "d"});
  EXPECT_THAT(executor_.history,
              ElementsAre("0 start a", "0 start b", "10 end a", "15 end b", "15 start a", "25 end a",
                          "25 start c", "25 start d", "35 end c", "35 end d", "35 start c", "45 end c"));
  EXPECT_EQ(result.outcomes[0].status, TrialStatus::kComplete);
  EXPECT_EQ(result.outcomes[2].reason, FailureReason::kOutOfMemory) << "alone it needs too much as well";
  EXPECT_EQ(state("c").attempts, 2);
}

TEST_F(SchedulerTest, WhatRunsOutOfMemoryAloneIsNotTriedAgain) {
  options_.places = two_places(1);
  executor_.attempts["a"] = {kNoMemory};
  const ScheduleResult result = run({"a", "b"});
  EXPECT_EQ(result.outcomes[0].reason, FailureReason::kOutOfMemory) << "b ran elsewhere";
  EXPECT_EQ(state("a").attempts, 1);
}

TEST_F(SchedulerTest, ADeviceThatIsLostEndsItsPlaceAlone) {
  options_.places = two_places(1);
  executor_.attempts["a"] = {kNoDevice};
  const ScheduleResult result = run({"a", "b", "c"});
  EXPECT_THAT(executor_.history,
              ElementsAre("0 start a on GPU-1", "0 start b on GPU-2", "2 end a", "10 end b",
                          "10 start a on GPU-2", "20 end a", "20 start c on GPU-2", "30 end c"));
  for (const Outcome& outcome : result.outcomes) EXPECT_EQ(outcome.status, TrialStatus::kComplete);
  EXPECT_FALSE(result.no_device);
  EXPECT_THAT(listener_.heard, testing::Contains(HasSubstr("lost one, 1 left")));
}

TEST_F(SchedulerTest, WithoutADeviceTheScheduleEndsAndLeavesTheRest) {
  executor_.attempts["a"] = {kNoDevice};
  const ScheduleResult result = run({"a", "b", "c"});
  EXPECT_TRUE(result.no_device);
  EXPECT_EQ(result.outcomes[0].reason, FailureReason::kDevice);
  EXPECT_EQ(result.outcomes[1].status, TrialStatus::kPending);
  EXPECT_THAT(executor_.history, ElementsAre("0 start a", "2 end a")) << "not one failure after the other";
}

TEST_F(SchedulerTest, AWorkerWithoutItsDeviceSaysSoByItsExitCode) {
  executor_.attempts["a"] = {
      {.runs = seconds(1), .code = core::kNoDevice, .log_tail = "no such GPU", .status = ""}};
  const ScheduleResult result = run({"a", "b"});
  EXPECT_TRUE(result.no_device);
  EXPECT_EQ(state("a").reason, FailureReason::kDevice);
  EXPECT_THAT(result.outcomes[0].message, HasSubstr("no such GPU"));
}

TEST_F(SchedulerTest, AsksForRoomBesideOthers) {
  options_.places = {{.name = "one", .device = "cuda:0", .visible = "GPU-1", .jobs = 3, .is_asked = true}};
  std::vector<int> asked;
  options_.admits = [&](const Place& place, std::chrono::duration<double> since) {
    EXPECT_EQ(place.visible, "GPU-1");
    asked.push_back(static_cast<int>(since.count()));
    return since >= seconds(20);
  };
  for (const char* trial : {"a", "b", "c"}) executor_.attempts[trial] = {{.runs = seconds(60)}};
  run({"a", "b", "c"});
  EXPECT_THAT(executor_.history, ElementsAre("0 start a on GPU-1", "20 start b on GPU-1",
                                             "40 start c on GPU-1", "60 end a", "80 end b", "100 end c"));
  EXPECT_LE(asked.size(), 10U) << "the driver is not asked every second";
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

TEST_F(SchedulerTest, UnderABatchSystemARepeatedRequestIsOne) {
  options_.second_interrupt_kills = false;
  executor_.attempts["a"] = {{.runs = seconds(8), .deaf = true}};
  executor_.interrupts = {{seconds(2), SIGTERM}, {seconds(4), SIGTERM}, {seconds(6), SIGINT}};
  EXPECT_EQ(run({"a"}).signal, SIGTERM);
  EXPECT_THAT(executor_.history, ElementsAre("0 start a", "2 stop a with 15", "8 end a"));
}

TEST_F(SchedulerTest, ARequestToMakeRoomGivesWayToOneToEnd) {
  options_.second_interrupt_kills = false;
  executor_.interrupts = {{seconds(2), SIGUSR2}};
  EXPECT_EQ(run({"a"}).signal, SIGUSR2);
  EXPECT_THAT(executor_.history, ElementsAre("0 start a", "2 stop a with 15", "4 end a"));
  executor_.interrupts = {{seconds(6), SIGUSR2}, {seconds(7), SIGTERM}};
  EXPECT_EQ(run({"b"}).signal, SIGTERM);
  executor_.interrupts = {{seconds(20), SIGTERM}, {seconds(21), SIGUSR2}};
  executor_.attempts["c"] = {{.runs = seconds(1000)}};
  EXPECT_EQ(run({"c"}).signal, SIGTERM);
}

TEST_F(SchedulerTest, AJobThatSomebodyElseKeepsIsLeftToThem) {
  options_.held_patience = seconds(20);
  executor_.held_until["a"] = seconds(1000);
  executor_.held_until["b"] = seconds(15);
  const ScheduleResult result = run({"a", "b"});
  EXPECT_EQ(result.outcomes[0].status, TrialStatus::kPending);
  EXPECT_EQ(result.outcomes[1].status, TrialStatus::kComplete);
  EXPECT_THAT(listener_.heard, testing::Contains("left a"));
}

TEST_F(SchedulerTest, AWorkerThatFindsItsTrialTakenLeavesNoVerdict) {
  executor_.attempts["a"] = {{.runs = seconds(5), .code = core::kTryAgain, .status = ""},
                             {.runs = seconds(3)}};
  EXPECT_EQ(run({"a"}).outcomes[0].status, TrialStatus::kComplete);
  EXPECT_THAT(listener_.heard, ElementsAre("started a 1", "held a by 0", "started a 2", "ended a complete"));
}

TEST_F(SchedulerTest, AWorkerThatFindsItsTrialTakenHasNoCompanyInTheOthersLog) {
  options_.jobs = 2;
  executor_.attempts["a"] = {{.runs = seconds(5), .code = core::kTryAgain, .status = ""}};
  executor_.attempts["b"] = {{.runs = seconds(4)}};
  run({"a", "b"});
  const auto shared = [&](const char* trial) {
    const auto log = trial::read_event_log(folder_ / trial / core::kAttemptsFile);
    return std::ranges::count_if(log.events, [](const auto& event) { return event["type"] == "shared"; });
  };
  EXPECT_EQ(shared("b"), 1);
  EXPECT_EQ(shared("a"), 0) << "it belongs to the process that has the trial";
}

TEST_F(SchedulerTest, AsksForFurtherJobsWhenTheHolderOfOneHasCompletedIt) {
  const auto job = [&](const char* id) {
    std::filesystem::create_directories(folder_ / id);
    return Job{.kind = &kind_, .id = id, .label = id, .seed = 1, .epochs = 3, .folder = folder_ / id};
  };
  const Job held = job("a");
  executor_.held_until["a"] = seconds(17);
  tests::write_whole_log(folder_ / "a");
  bool is_given = false;
  const JobSource source = [&]() -> std::optional<Job> {
    if (is_given || executor_.now() < TimePoint{} + seconds(17)) return std::nullopt;
    is_given = true;
    return job("b");
  };
  const ScheduleResult result = run_schedule({held}, options_, executor_, listener_, source);
  EXPECT_THAT(executor_.history, ElementsAre("17 start b", "27 end b"));
  EXPECT_EQ(result.outcomes.size(), 2U);
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

TEST(TrainingJobs, TellTheWorkerWhoseWeightsToKeep) {
  const Job job{.kind = &training(), .folder = "/t"};
  EXPECT_THAT(job.kind->command(job, {.program = "/w", .keep_weights = "3", .keep_weights_in = "/k"}),
              testing::IsSupersetOf({"--keep-weights", "3", "--keep-weights-in", "/k"}));
  EXPECT_THAT(job.kind->command(job, {.program = "/w"}), testing::Not(testing::Contains("--keep-weights")));
}

TEST_F(SchedulerTest, RunsNothingWhenThereIsNothingToRun) {
  EXPECT_TRUE(run({}).outcomes.empty());
}

}  // namespace
}  // namespace segbench::run
