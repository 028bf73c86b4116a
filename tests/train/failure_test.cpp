// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <thread>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/text.h"
#include "harness/trial/event_log.h"
#include "tests/train/tiny_trial.h"

// What goes wrong is recorded, and the worker's exit code says so.

namespace segbench::tests {
namespace {

using core::Json;

/// A shell that lowers the address space and becomes the worker.
ProcessResult train_within(const std::filesystem::path& trial, std::int64_t address_space_mib) {
  std::string command = fmt::format("ulimit -v {}; exec", address_space_mib * 1024);
  for (const std::string& word : train_command(trial)) command += " '" + word + "'";
  return run_process({"/bin/sh", "-c", command}, trial);
}

TEST(Failures, DivergenceIsRecordedWithItsStep) {
  const TinyTrials trials;
  core::VariantConfig variant = tiny_variant();
  variant.training.optimizer = {"sgd", {{"learning_rate", 1e30}}};
  const auto trial = trials.add("diverges", variant);
  const ProcessResult result = train(trial);
  EXPECT_EQ(result.exit_code, 1);
  const Json diverged = event_of(trial, "diverged");
  EXPECT_EQ(diverged.at("epoch"), 1);
  EXPECT_GE(diverged.at("step").get<int>(), 2) << "the first loss comes from the initial weights";
  EXPECT_EQ(trial::read_event_log(trial / core::kEventsFile).events.back(), diverged) << "nothing follows";
  const Json ended = last_attempt_event(trial, "ended");
  EXPECT_EQ(ended.at("status"), "failed");
  EXPECT_EQ(ended.at("reason"), "diverged");
  EXPECT_EQ(ended.at("exit_code"), 1);
  const auto first = computed_events(trial);
  EXPECT_EQ(train(trial).exit_code, 1);
  EXPECT_EQ(computed_events(trial), first) << "a trial diverges in the same step again";
  EXPECT_EQ(last_attempt_event(trial, "ended").at("attempt"), 2);
}

TEST(Failures, ADivergenceThatNoTrainingStepSawIsOneToo) {
  const TinyTrials trials;
  core::VariantConfig variant = tiny_variant();
  variant.training.epochs = 1;
  variant.training.batch_size = 13;  // one step, whose loss comes from the initial weights
  for (const double learning_rate : {1e30, 1e38}) {
    variant.training.optimizer = {"sgd", {{"learning_rate", learning_rate}}};
    const auto trial = trials.add(fmt::format("spoilt {}", learning_rate), variant);
    EXPECT_EQ(train(trial).exit_code, 1);
    const Json last = trial::read_event_log(trial / core::kEventsFile).events.back();
    EXPECT_EQ(last.at("type"), "diverged") << last;
    EXPECT_EQ(last.at("epoch"), 1);
    EXPECT_EQ(last.at("step"), 1);
    EXPECT_NE(last.at("what"), "loss");
    EXPECT_EQ(last_attempt_event(trial, "ended").at("reason"), "diverged");
  }
}

TEST(Failures, OutOfMemoryIsRecorded) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "SKIPPED: the address sanitizer needs more address space than this test grants";
#endif
  const TinyTrials trials({.samples = 22, .height = 512, .width = 512, .channels = 3, .num_classes = 3});
  core::VariantConfig variant = tiny_variant();
  variant.model.width = 1.0;
  variant.training.batch_size = 13;
  const auto trial = trials.add("big", variant);
  const ProcessResult result = train_within(trial, 6000);
  EXPECT_EQ(result.exit_code, 1) << result.err;
  const Json ended = last_attempt_event(trial, "ended");
  EXPECT_EQ(ended.at("status"), "failed");
  EXPECT_EQ(ended.at("reason"), "out_of_memory") << ended.at("message");
}

TEST(Failures, MissingCacheIsAnError) {
  const TinyTrials trials;
  const auto trial = trials.add("lost");
  std::filesystem::remove_all(trials.cache());
  EXPECT_EQ(train(trial).exit_code, 1);
  const Json ended = last_attempt_event(trial, "ended");
  EXPECT_EQ(ended.at("reason"), "error");
  EXPECT_THAT(ended.at("message").get<std::string>(), testing::HasSubstr("manifest.json"));
}

TEST(Failures, CacheOfOtherDataIsAnError) {
  const TinyTrials trials;
  const auto trial = trials.add("other");
  write_tiny_cache(trials.cache(), {.samples = 21});
  EXPECT_EQ(train(trial).exit_code, 1);
  EXPECT_THAT(last_attempt_event(trial, "ended").at("message").get<std::string>(),
              testing::HasSubstr("holds the data"));
}

TEST(Signals, TheSameRequestManyTimesIsOneRequest) {
  const TinyTrials trials;
  core::VariantConfig variant = tiny_variant();
  variant.training.epochs = 100000;
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    const auto trial = trials.add(fmt::format("told by {}", signal), variant);
    Process worker(train_command(trial), trial);
    const auto log = trial / core::kAttemptsFile;
    for (int i = 0; i < 2000 && trial::read_event_log(log).events.empty(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    for (int i = 0; i < 20 && worker.running(); ++i) worker.signal(signal);
    EXPECT_EQ(worker.wait().exit_code, 128 + signal);
    EXPECT_TRUE(std::filesystem::exists(trial / core::kCheckpointFile));
    EXPECT_EQ(last_attempt_event(trial, "ended").at("status"), "interrupted");
  }
}

TEST(Signals, WhatWasIgnoredAtTheStartStaysIgnored) {
  const TinyTrials trials;
  core::VariantConfig variant = tiny_variant();
  variant.training.epochs = 30;
  const auto trial = trials.add("nohup", variant);
  std::string command = "trap '' HUP; exec";
  for (const std::string& word : train_command(trial)) command += " '" + word + "'";
  Process worker({"/bin/sh", "-c", command}, trial);
  const auto log = trial / core::kAttemptsFile;
  for (int i = 0; i < 2000 && trial::read_event_log(log).events.empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  worker.signal(SIGHUP);
  EXPECT_EQ(worker.wait().exit_code, 0);
}

TEST(Threads, AreNotMoreThanOpenMpGives) {
  const TinyTrials trials;
  const auto trial = trials.add("limited");
  std::string command = "OMP_THREAD_LIMIT=1 exec timeout 60";
  for (const std::string& word : train_command(trial, {"--threads", "2"})) command += " '" + word + "'";
  const ProcessResult result = run_process({"/bin/sh", "-c", command}, trial);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(last_attempt_event(trial, "started").at("environment").at("threads"), 1);
}

TEST(Failures, UnusableSpecificationIsTheCallersError) {
  const TinyTrials trials;
  const auto trial = trials.add("broken");
  core::write_file_atomically(trial / core::kTrialFile, "{\"schema\": 1");
  EXPECT_EQ(train(trial).exit_code, 2);
  EXPECT_EQ(run_process(train_command(trials.path() / "nowhere"), trials.path()).exit_code, 2);
  EXPECT_EQ(train(trials.add("words"), {"--treads", "2"}).exit_code, 2);
  EXPECT_EQ(train(trials.add("device"), {"--device", "cuda77"}).exit_code, 2);
}

TEST(Failures, AMissingDeviceHasAnExitCodeOfItsOwn) {
  const TinyTrials trials;
  EXPECT_EQ(train(trials.add("device"), {"--device", "cuda:77"}).exit_code, core::kNoDevice);
}

/// The worker with a pipe for its progress, as a scheduler would start it.
struct Watched {
  std::array<int, 2> ends{};
  explicit Watched(bool drain) {
    if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
    if (!drain) ::fcntl(ends[1], F_SETPIPE_SZ, 4096);
  }
  ~Watched() {
    for (const int end : ends) ::close(end);
  }
  std::vector<Json> lines() {
    std::string text;
    std::array<char, 4096> block;
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    for (ssize_t n = 0; (n = ::read(ends[0], block.data(), block.size())) > 0;) {
      text.append(block.data(), static_cast<std::size_t>(n));
    }
    std::vector<Json> parsed;
    for (const std::string& line : core::split(text, '\n')) {
      if (!line.empty()) parsed.push_back(Json::parse(line));
    }
    return parsed;
  }
};

TEST(Progress, LinesTellWhereTheTrialStands) {
  const TinyTrials trials;
  const auto trial = trials.add("watched");
  Watched pipe(true);
  ASSERT_EQ(train(trial, {"--progress-fd", std::to_string(pipe.ends[1])}).exit_code, 0);
  const auto lines = pipe.lines();
  ASSERT_GE(lines.size(), 4U);
  EXPECT_EQ(lines.front().at("phase"), "start");
  EXPECT_EQ(lines.back().at("phase"), "finish");
  EXPECT_EQ(lines.back().at("epochs"), 3);
  EXPECT_EQ(lines.back().at("metric"), "miou_no_background");
  EXPECT_TRUE(lines.back().at("score").is_number());
}

TEST(Progress, AFullOrClosedPipeDoesNotStopTheTrial) {
  const TinyTrials trials;
  Watched full(false);
  const std::string filling(4096, 'x');
  ASSERT_EQ(::write(full.ends[1], filling.data(), filling.size()), 4096);
  EXPECT_EQ(train(trials.add("full"), {"--progress-fd", std::to_string(full.ends[1])}).exit_code, 0);
  Watched closed(true);
  ::close(closed.ends[0]);
  EXPECT_EQ(train(trials.add("closed"), {"--progress-fd", std::to_string(closed.ends[1])}).exit_code, 0);
}

TEST(Progress, TheTrialStopsWhenItsParentDies) {
  const TinyTrials trials;
  core::VariantConfig variant = tiny_variant();
  variant.training.epochs = 100000;
  const auto trial = trials.add("orphan", variant);
  Watched pipe(true);
  std::string command;
  for (const std::string& word : train_command(trial, {"--progress-fd", std::to_string(pipe.ends[1])})) {
    command += "'" + word + "' ";
  }
  Process parent({"/bin/sh", "-c", command + "& wait"}, trial);
  const auto attempts = [&] { return trial::read_event_log(trial / core::kAttemptsFile).events; };
  for (int i = 0; i < 2000 && attempts().empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  ASSERT_FALSE(attempts().empty());
  ::kill(parent.pid(), SIGKILL);
  for (int i = 0; i < 2000 && attempts().size() < 2; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  ASSERT_EQ(attempts().size(), 2U);
  EXPECT_EQ(attempts()[1].at("status"), "interrupted");
}

}  // namespace
}  // namespace segbench::tests
