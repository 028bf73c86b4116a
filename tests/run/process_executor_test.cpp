// SPDX-License-Identifier: MIT
#include "harness/run/process_executor.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "harness/core/error.h"
#include "harness/core/file_lock.h"
#include "harness/core/files.h"
#include "harness/run/scheduler.h"
#include "harness/trial/standing.h"
#include "tests/support/temporary_folder.h"

namespace segbench::run {
namespace {

using core::FailureReason;
using core::TrialStatus;
using std::chrono::milliseconds;
using testing::HasSubstr;

/// Runs real processes: shell scripts that speak the worker's protocol.
class ProcessTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(trial_); }

  /// A worker whose body may use $trial (the trial's folder), `say` (progress) and `log` (attempts.jsonl).
  WorkerSettings worker(const std::string& body) {
    const std::filesystem::path script = folder_ / "worker.sh";
    std::ofstream(script)
        << "#!/bin/sh\n"
           "trial=$(dirname \"$2\")\n"
           "say() { echo \"$1\" >&3; }\n"
           "log() { echo \"$1\" >> $trial/attempts.jsonl; }\n"
           "log '{\"type\":\"started\",\"attempt\":1,\"pid\":'$$',\"host\":\"'$(hostname)'\"}'\n"
        << body << '\n';
    std::filesystem::permissions(script, std::filesystem::perms::owner_all);
    return {.program = script, .device = "cpu", .threads = 3};
  }

  Outcome run(const std::string& body) {
    SignalWatch signals;
    ProcessExecutor executor(worker(body), signals);
    const ScheduleResult result = run_schedule({job()}, options_, executor, observer_);
    signal_ = result.signal;
    return result.outcomes.at(0);
  }
  Job job() const {
    return {.kind = &training(), .id = "t1", .label = "small", .seed = 1, .epochs = 2, .folder = trial_};
  }

  /// Keeps the last progress and runs a function with each.
  struct Observer : RunObserver {
    std::vector<WorkerProgress> progress;
    std::function<void()> on_progress;
    void job_progress(const Job&, const WorkerProgress& p) override {
      progress.push_back(p);
      if (on_progress) on_progress();
    }
  };

  tests::TemporaryFolder folder_;
  std::filesystem::path trial_ = folder_ / "t1";
  ScheduleOptions options_{.grace = std::chrono::duration<double>(0.3), .retries = 0};
  Observer observer_;
  int signal_ = 0;
};

constexpr const char* kComplete = "log '{\"type\":\"ended\",\"attempt\":1,\"status\":\"complete\"}'";

TEST_F(ProcessTest, PassesArgumentsProgressAndOutput) {
  const Outcome outcome =
      run(std::string("echo \"arguments: $*\"; echo oops >&2\n"
                      "say '{\"phase\":\"train\",\"epoch\":1,\"epochs\":2,\"loss\":0.5,\"score\":null}'\n"
                      "say 'no json'\n") +
          kComplete);
  EXPECT_EQ(outcome.reason, FailureReason::kError) << "a script computes nothing, whatever it says";
  EXPECT_THAT(outcome.message, HasSubstr("events.jsonl"));
  ASSERT_EQ(observer_.progress.size(), 1U);
  EXPECT_EQ(observer_.progress[0].epoch, 1);
  EXPECT_EQ(observer_.progress[0].loss, 0.5);
  EXPECT_EQ(observer_.progress[0].score, std::nullopt);
  const std::string log = core::read_file(trial_ / core::kWorkerLogFile);
  EXPECT_THAT(log, HasSubstr("arguments: train " + (trial_ / "trial.json").string() +
                             " --device cpu --threads 3 --checkpoint-seconds 10 --progress-fd 3"));
  EXPECT_THAT(log, HasSubstr("oops"));
}

TEST_F(ProcessTest, NamesTheSignalAndTheLastWords) {
  core::write_file_atomically(trial_ / core::kWorkerLogFile, "words of an older attempt\n");
  const Outcome outcome = run("echo last words; kill -SEGV $$");
  EXPECT_EQ(outcome.reason, FailureReason::kCrashed);
  EXPECT_THAT(outcome.message, HasSubstr("SIGSEGV"));
  EXPECT_THAT(outcome.message, HasSubstr("last words"));
  EXPECT_THAT(outcome.message, testing::Not(HasSubstr("older")));
  EXPECT_THAT(core::read_file(trial_ / core::kWorkerLogFile), HasSubstr("older"));
}

TEST_F(ProcessTest, AWorkerThatFailsWithoutAWordIsAnError) {
  const Outcome outcome = run("echo 'bad trial.json' >&2; exit 2");
  EXPECT_EQ(outcome.reason, FailureReason::kError);
  EXPECT_EQ(outcome.message, "the worker ended with exit code 2; last lines of worker.log:\nbad trial.json");
}

TEST_F(ProcessTest, KillsAWorkerAndItsChildrenThatIgnoreTheRequest) {
  options_.timeout = std::chrono::duration<double>(0.3);
  const auto begin = Clock::now();
  const Outcome outcome = run("trap '' TERM; sleep 60 & echo $! > $trial/child; while :; do sleep 60; done");
  EXPECT_EQ(outcome.reason, FailureReason::kTimeout);
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(10));
  const int child = std::stoi(core::read_file(trial_ / "child"));
  std::this_thread::sleep_for(milliseconds(50));
  const std::string status = "/proc/" + std::to_string(child) + "/stat";
  if (std::filesystem::exists(status)) {
    EXPECT_THAT(core::read_file(status), HasSubstr(" Z "));
  }
}

TEST_F(ProcessTest, HandsAnInterruptOnAndWaitsForTheCheckpoint) {
  observer_.on_progress = [] { ::raise(SIGINT); };
  const Outcome outcome =
      run("trap 'sleep 0.2; echo saved > $trial/saved; "
          "log \"{\\\"type\\\":\\\"ended\\\",\\\"attempt\\\":1,\\\"status\\\":\\\"interrupted\\\"}\"; exit "
          "130' INT\n"
          "say '{\"phase\":\"train\"}'\n"
          "while :; do sleep 0.05; done");
  EXPECT_EQ(signal_, SIGINT);
  EXPECT_EQ(outcome.status, TrialStatus::kInterrupted);
  EXPECT_TRUE(std::filesystem::exists(trial_ / "saved"));
}

TEST_F(ProcessTest, AnInterruptOfTheTerminalDoesNotReachTheWorkerTwice) {
  // The worker lives in a process group of its own.
  run("cut -d' ' -f5 /proc/$$/stat > $trial/group; echo $$ > $trial/pid");
  EXPECT_EQ(std::stoi(core::read_file(trial_ / "group")), std::stoi(core::read_file(trial_ / "pid")));
}

TEST_F(ProcessTest, SeesWhoHoldsATrial) {
  EXPECT_EQ(training().held_by(job()), std::nullopt);
  const auto lock = core::FileLock::try_acquire(trial_ / core::kTrialLockFile);
  EXPECT_EQ(training().held_by(job()), ::getpid());
}

TEST_F(ProcessTest, GivesAWorkerTheMeansOfItsJob) {
  SignalWatch signals;
  ProcessExecutor executor(worker("echo \"$* on $CUDA_VISIBLE_DEVICES\" > $trial/out"), signals);
  Job one = job();
  one.resources.threads = 2;
  options_.places = {{.name = "a GPU", .device = "cuda:7", .visible = "5"}};
  run_schedule({one}, options_, executor, observer_);
  const std::string out = core::read_file(trial_ / "out");
  EXPECT_THAT(out, HasSubstr(" --device cuda:7 --threads 2 "));
  EXPECT_THAT(out, testing::EndsWith(" on 5\n"));
}

TEST_F(ProcessTest, AnAbsentProgramIsTheUsersError) {
  SignalWatch signals;
  ProcessExecutor executor({.program = folder_ / "absent"}, signals);
  EXPECT_THROW(executor.start(0, job()), core::UserError);
}

TEST(ProgressLine, ReadsWhatTheProtocolSays) {
  const auto progress = parse_progress(
      R"({"trial_id":"t","phase":"evaluate","epoch":3,"epochs":5,"step":7,"steps":9,"loss":1.5,"metric":"miou","score":0.25})");
  ASSERT_TRUE(progress);
  EXPECT_EQ(progress->phase, "evaluate");
  EXPECT_EQ(progress->steps, 9);
  EXPECT_EQ(progress->metric, "miou");
  EXPECT_EQ(progress->score, 0.25);
  for (const char* bad : {"", "[]", "{}", "{\"phase\":1}", "{\"phase\":\"train\",\"epoch\":\"x\"}"}) {
    EXPECT_EQ(parse_progress(bad).has_value(), false) << bad;
  }
}

TEST(LogTail, KeepsTheLastLines) {
  const tests::TemporaryFolder folder;
  core::write_file_atomically(folder / "log", "1\n2\n3\n4\n5\n6\n7\n");
  EXPECT_EQ(log_tail(folder / "log", 0, 3), "5\n6\n7");
  EXPECT_EQ(log_tail(folder / "log", 10, 3), "6\n7");
  EXPECT_EQ(log_tail(folder / "log", 14), "");
  EXPECT_EQ(log_tail(folder / "absent", 0), "");
  core::write_file_atomically(folder / "log", "one line");
  EXPECT_EQ(log_tail(folder / "log", 0), "one line");
}

}  // namespace
}  // namespace segbench::run
