// SPDX-License-Identifier: MIT
#include "harness/profile/engine_link.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/run/signals.h"
#include "tests/support/temporary_folder.h"

namespace segbench::profile {
namespace {

using core::Json;
using segbench::tests::TemporaryFolder;
using testing::HasSubstr;

/// Engines that are scripts of the shell; they may use $folder.
class EngineLinks : public testing::Test {
 protected:
  std::unique_ptr<EngineLink> engine(const std::string& script, std::function<bool()> interrupted = {}) {
    return start_engine({"/bin/sh", "-c", "folder=" + folder_.path().string() + "\n" + script},
                        folder_ / "log", kAllCpus, std::move(interrupted));
  }

  /// What goes wrong when it is asked.
  static core::UserError refusal(EngineLink& link, std::chrono::seconds patience = std::chrono::seconds(20)) {
    try {
      return core::UserError("no refusal: " + link.ask({{"do", "run"}}, patience).dump());
    } catch (const core::UserError& error) {
      return error;
    }
  }

  TemporaryFolder folder_;
  run::SignalWatch signals_;  // an engine that has ended must not end us by SIGPIPE
};

/// Whether a process lives, and has not only not been waited for.
bool lives(const std::string& process) {
  try {
    return !core::read_file("/proc/" + process + "/cmdline").empty();
  } catch (const core::UserError&) {
    return false;
  }
}

TEST_F(EngineLinks, GiveTheAnswer) {
  const auto link = engine("read request; echo \"{\\\"ok\\\": true, \\\"request\\\": $request}\"; read end");
  EXPECT_EQ(link->ask({{"do", "describe"}}, std::chrono::seconds(20)).at("request").at("do"), "describe");
  EXPECT_GT(link->peak_bytes().value_or(0), 0);
}

TEST_F(EngineLinks, SayNoInWhateverWordsThereAre) {
  const auto link = engine(
      "read r; echo '{\"ok\": false, \"error\": \"no room\", \"code\": 69}'\n"
      "read r; echo '{\"ok\": \"yes\", \"error\": 7, \"code\": \"x\"}'\n"
      "read r; echo '[1]'; read r");
  const core::UserError refused = refusal(*link);
  EXPECT_STREQ(refused.what(), "no room");
  EXPECT_EQ(refused.exit_code(), 69);
  EXPECT_STREQ(refusal(*link).what(), "it says no");
  EXPECT_STREQ(refusal(*link).what(), "its answer is no JSON object");
}

TEST_F(EngineLinks, TakeNoLateAnswerForThatToALaterRequest) {
  const auto link = engine("while read r; do sleep 1.3; echo '{\"ok\": true}'; done");
  EXPECT_STREQ(refusal(*link, std::chrono::seconds(1)).what(), "no answer in 1 s");
  EXPECT_STREQ(refusal(*link).what(), "it has ended");
}

TEST_F(EngineLinks, AreNotWaitedForWhenWeAreInterrupted) {
  const auto link = engine("sleep 100", [] { return true; });
  EXPECT_STREQ(refusal(*link).what(), "interrupted");
}

TEST_F(EngineLinks, TellHowTheyEnded) {
  EXPECT_THAT(refusal(*engine("read r; echo 'no such layer' >&2; exit 3")).what(),
              HasSubstr("it ended with exit code 3: no such layer"));
  EXPECT_THAT(refusal(*engine("read r; kill -9 $$")).what(), HasSubstr("it was killed by signal 9"));
}

TEST_F(EngineLinks, AreEndedWhenTheyCloseTheirOutputAndLiveOn) {
  const auto link = engine("read r; exec >&-; sleep 100");
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THAT(refusal(*link, std::chrono::seconds(60)).what(), HasSubstr("it no longer answers"));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
}

TEST_F(EngineLinks, LeaveNothingBehindThatTheyStarted) {
  const auto link = engine("sleep 100 > $folder/out 2>&1 & echo $! > $folder/child; read r; exit 3");
  EXPECT_THAT(refusal(*link).what(), HasSubstr("exit code 3"));
  const std::string child(core::read_file(folder_ / "child"), 0,
                          core::read_file(folder_ / "child").find('\n'));
  for (int i = 0; i < 500 && lives(child); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_FALSE(lives(child));
}

}  // namespace
}  // namespace segbench::profile
