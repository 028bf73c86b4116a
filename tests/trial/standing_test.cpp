// SPDX-License-Identifier: MIT
#include "harness/trial/standing.h"

#include <gmock/gmock.h>

#include "harness/core/files.h"
#include "harness/trial/event_log.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/whole_log.h"

namespace segbench::trial {
namespace {

using testing::HasSubstr;

class TrialStandingTest : public testing::Test {
 protected:
  TrialStandingTest() {
    std::filesystem::create_directories(trial_);
    EventWriter attempts(trial_ / core::kAttemptsFile);
    attempts.append("started", {{"attempt", 1}, {"host", host_name()}});
    attempts.append("ended", {{"attempt", 1}, {"status", "complete"}, {"reason", ""}, {"seconds", -3.0}});
    tests::write_whole_log(trial_);
  }
  static std::string host_name() { return "here"; }
  std::string log() const { return core::read_file(trial_ / core::kEventsFile); }
  TrialStanding with_log(const std::string& text) const {
    core::write_file_atomically(trial_ / core::kEventsFile, text);
    return read_trial_standing(trial_);
  }

  tests::TemporaryFolder folder_;
  std::filesystem::path trial_ = folder_ / "0123456789abcdef";
};

TEST_F(TrialStandingTest, AWholeLogIsComplete) {
  const TrialStanding standing = read_trial_standing(trial_);
  EXPECT_EQ(standing.status, core::TrialStatus::kComplete);
  EXPECT_EQ(standing.log.state, LogState::kWhole);
  EXPECT_EQ(standing.seconds, 0.0) << "a clock that was set back takes no time away";
  std::filesystem::remove(trial_ / core::kAttemptsFile);
  EXPECT_EQ(read_trial_standing(trial_).status, core::TrialStatus::kComplete);
}

TEST_F(TrialStandingTest, WhateverTheAttemptSaysWithoutAWholeLogNothingIsComplete) {
  const std::string whole = log();
  const std::size_t first = whole.find('\n') + 1;
  std::string edited = whole;
  edited.replace(edited.find("\"epochs\":1"), 10, "\"epochs\":2");
  const std::vector<std::pair<std::string, std::string>> damages = {
      {"", "events.jsonl is missing or empty"},
      {whole.substr(0, first), "events.jsonl has no end"},
      {whole.substr(0, whole.size() - 5), "events.jsonl has no end"},
      {whole.substr(first), "events.jsonl, line 1: "},
      {edited, "events.jsonl, line 2: this line, or one before it, was changed later"},
      {whole + whole, "events.jsonl, line 3: "},
      {"garbage\n" + whole, "events.jsonl, line 1: no event"},
      {R"({"seq":0,"type":"trial"})"
       "\n"
       R"({"seq":2,"type":"finished"})"
       "\n",
       "events.jsonl, line 2: lines are missing"},
      {R"({"seq":0,"trial_id":"fedcba9876543210","type":"trial"})"
       "\n"
       R"({"seq":1,"type":"finished"})"
       "\n",
       "the log of another trial, fedcba9876543210"},
  };
  for (const auto& [text, message] : damages) {
    const TrialStanding standing = with_log(text);
    EXPECT_EQ(standing.status, core::TrialStatus::kInterrupted) << text;
    EXPECT_THAT(standing.message, HasSubstr(message));
    EXPECT_THAT(standing.message, HasSubstr("`segbench run` trains the trial again")) << text;
  }
}

TEST_F(TrialStandingTest, ALogOfALaterVersionIsNeitherReadNorReplaced) {
  EventWriter(trial_ / core::kEventsFile, 0, LogKind::kChained).append("trial", {{"schema", 2}});
  const TrialStanding standing = read_trial_standing(trial_);
  EXPECT_EQ(standing.log.state, LogState::kNewer);
  EXPECT_EQ(standing.status, core::TrialStatus::kFailed);
  EXPECT_FALSE(standing.unproven) << "such a trial would be trained again";
  EXPECT_THAT(standing.message, HasSubstr("has schema 2, but this version reads schema 1"));
}

TEST_F(TrialStandingTest, KnowsTheGpuOfTheLastAttempt) {
  const auto begin = [&](int number, const core::Json& environment) {
    EventWriter(trial_ / core::kAttemptsFile)
        .append("started", {{"attempt", 100 + number},
                            {"resumed_from", {{"epoch", 2}, {"step", 0}}},
                            {"environment", environment}});
  };
  begin(1, {{"device", "cpu"}, {"gpu", nullptr}, {"cpu", "Fake CPU"}});
  EXPECT_EQ(read_trial_standing(trial_).gpu, "");
  begin(2, {{"device", "cuda:0"}, {"gpu", {"NVIDIA Fake 90"}}, {"cpu", "Fake CPU"}});
  EXPECT_EQ(read_trial_standing(trial_).gpu, "NVIDIA Fake 90");
  const std::vector<std::string> processors = trial::processors(read_attempts(trial_));
  ASSERT_GE(processors.size(), 2U) << "what began on a CPU and went on on a GPU is of both";
  EXPECT_EQ(processors.back(), "NVIDIA Fake 90");
}

TEST_F(TrialStandingTest, FormerFilesAreKeptAside) {
  EXPECT_EQ(set_aside(trial_), trial_ / "aside/1");
  EXPECT_FALSE(std::filesystem::exists(trial_ / core::kEventsFile));
  EXPECT_TRUE(std::filesystem::exists(trial_ / core::kAttemptsFile)) << "it goes on";
  tests::write_whole_log(trial_);
  EXPECT_EQ(set_aside(trial_), trial_ / "aside/2");
  EXPECT_EQ(set_aside(trial_), "");
}

}  // namespace
}  // namespace segbench::trial
