// SPDX-License-Identifier: MIT
// Kills at random moments: nothing is lost, and what comes out is what an undisturbed run computes.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <map>
#include <thread>

#include "harness/core/random.h"
#include "harness/core/trial.h"
#include "harness/trial/event_log.h"
#include "tests/programs/workspace.h"

namespace segbench::tests {
namespace {

using namespace std::chrono_literals;

using Computed = std::map<std::string, std::vector<std::string>>;

Computed computed(const Workspace& workspace, const std::string& study) {
  Computed all;
  for (const auto& trial : workspace.trials(study)) all[trial.filename().string()] = computed_events(trial);
  return all;
}

/// Process ids of the workers that train the workspace's trials right now, from the trials' attempts.
std::vector<pid_t> workers(const Workspace& workspace, const std::string& study) {
  std::vector<pid_t> pids;
  for (const auto& trial : workspace.trials(study)) {
    const auto attempts = trial::read_event_log(trial / core::kAttemptsFile).events;
    if (!attempts.empty() && attempts.back().at("type") == "started")
      pids.push_back(attempts.back().at("pid"));
  }
  return pids;
}

/// Enough that the study outlasts several of the kills.
constexpr int kEpochs = 40;
const std::vector<std::string> kRun = {"run", "tiny.toml", "--retry-failed", "--set",
                                       "run.checkpoint_seconds=0"};

class KillTest : public testing::Test {
 protected:
  void SetUp() override { undisturbed_.write("tiny.toml", tiny_study("tiny", kEpochs)); }

  /// Starts the study over and over and disturbs it until it is complete; counts the disturbances.
  template <typename Disturb>
  int run_disturbed(const Workspace& workspace, std::uint64_t seed, const Disturb& disturb) {
    core::Stream stream(seed, core::Purpose::kOrder);
    int disturbances = 0;
    for (int round = 0; round < 60; ++round) {
      Process run(workspace.command(kRun), workspace.path());
      const auto moment =
          std::chrono::steady_clock::now() + std::chrono::milliseconds(200 + stream.below(1300));
      while (run.running() && std::chrono::steady_clock::now() < moment) std::this_thread::sleep_for(5ms);
      if (round < 8 && run.running()) {
        disturb(run);
        ++disturbances;
      }
      const ProcessResult result = run.wait();
      if (result.exit_code == 0) return disturbances;
    }
    ADD_FAILURE() << "the study never completed";
    return disturbances;
  }

  void expect_the_same(const Workspace& disturbed) {
    ASSERT_EQ(undisturbed_.segbench({"run", "tiny.toml"}).exit_code, 0);
    const Computed expected = computed(undisturbed_, "tiny"), found = computed(disturbed, "tiny");
    ASSERT_EQ(expected.size(), 4u);
    EXPECT_EQ(found, expected);
  }

  Workspace undisturbed_;
};

TEST_F(KillTest, SegbenchKilledAtRandomMoments) {
  const Workspace workspace;
  workspace.write("tiny.toml", tiny_study("tiny", kEpochs));
  const int kills = run_disturbed(workspace, 11, [](Process& run) { run.signal(SIGKILL); });
  EXPECT_GE(kills, 1);
  expect_the_same(workspace);
}

TEST_F(KillTest, TrialsKilledAtRandomMoments) {
  const Workspace workspace;
  workspace.write("tiny.toml", tiny_study("tiny", kEpochs));
  core::Stream pauses(12, core::Purpose::kAugmentation);
  int kills = 0;
  run_disturbed(workspace, 12,
                [&](Process& run) {  // a killed trial is tried again at once: kill it several times
                  for (int i = 0; i < 6; ++i) {
                    while (run.running() && workers(workspace, "tiny").empty())
                      std::this_thread::sleep_for(5ms);
                    std::this_thread::sleep_for(std::chrono::milliseconds(pauses.below(150)));
                    for (const pid_t pid : workers(workspace, "tiny"))
                      kills += ::kill(pid, SIGKILL) == 0 ? 1 : 0;
                  }
                });
  EXPECT_GE(kills, 1);
  expect_the_same(workspace);
}

TEST_F(KillTest, InterruptedAtRandomMoments) {
  const Workspace workspace;
  workspace.write("tiny.toml", tiny_study("tiny", kEpochs));
  const int interrupts = run_disturbed(workspace, 13, [](Process& run) { run.signal(SIGINT); });
  EXPECT_GE(interrupts, 1);
  expect_the_same(workspace);
}

TEST_F(KillTest, AnInterruptIsMarkedAndItsExitCodeIsTheSignals) {
  const Workspace workspace;
  workspace.write("long.toml", tiny_study("long", 400));
  Process run(workspace.command({"run", "long.toml"}), workspace.path());
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while (workers(workspace, "long").empty() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(20ms);
  }
  std::this_thread::sleep_for(1s);
  run.signal(SIGINT);
  const ProcessResult result = run.wait();
  EXPECT_EQ(result.exit_code, 130) << result.err;
  const auto status = core::Json::parse(workspace.segbench({"status", "long", "--format", "json"}).out);
  int interrupted = 0;
  for (const auto& row : status) interrupted += row.at("status") == "interrupted" ? 1 : 0;
  EXPECT_GE(interrupted, 1);
}

}  // namespace
}  // namespace segbench::tests
