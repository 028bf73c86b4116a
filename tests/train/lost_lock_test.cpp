// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "harness/core/file_lock.h"
#include "harness/core/files.h"
#include "harness/train/trainer.h"
#include "tests/train/tiny_trial.h"

// A worker that another one has replaced leaves what that one goes on from.

namespace segbench::tests {
namespace {

class LostLock : public testing::Test {
 protected:
  LostLock() {
    train::TrainOptions options;
    options.pause_after = 1;
    const auto parts = build();
    train::Trainer trainer(spec_, trial_, *parts, options, progress_);
    trainer.prepare();
    EXPECT_THROW(trainer.run(), train::Paused);
  }

  std::unique_ptr<train::TrialParts> build() const {
    return train::build_trial(spec_, trial_, torch::kCPU, torch::MemoryFormat::ChannelsLast);
  }

  /// What the preparation of a worker whose lock is lost throws.
  std::string problem_of_replaced() {
    const auto lock = core::FileLock::acquire(trial_ / core::kTrialLockFile);
    core::LockOwner other = core::this_owner();
    other.host = "elsewhere";
    core::write_file_atomically(trial_ / core::kTrialLockFile, to_line(other));
    train::TrainOptions options;
    options.lock = &lock;
    const auto parts = build();
    train::Trainer trainer(spec_, trial_, *parts, options, progress_);
    try {
      trainer.prepare();
    } catch (const core::UserError& error) {
      return error.what();
    }
    return "";
  }

  TinyTrials trials_;
  std::filesystem::path trial_ = trials_.add("fenced");
  core::TrialSpec spec_ = core::read_trial_spec(trial_ / core::kTrialFile);
  train::Progress progress_{-1, spec_.trial_id};
};

TEST_F(LostLock, LeavesAUsableCheckpointAndTheLog) {
  const std::string checkpoint = core::read_file(trial_ / core::kCheckpointFile),
                    events = core::read_file(trial_ / core::kEventsFile);
  EXPECT_THAT(problem_of_replaced(), testing::HasSubstr("elsewhere"));
  ASSERT_TRUE(std::filesystem::exists(trial_ / core::kCheckpointFile));
  EXPECT_EQ(core::read_file(trial_ / core::kCheckpointFile), checkpoint);
  EXPECT_EQ(core::read_file(trial_ / core::kEventsFile), events);
}

TEST_F(LostLock, LeavesADamagedCheckpointToWhoeverTookTheTrialOver) {
  core::write_file_atomically(trial_ / core::kCheckpointFile, "{}");
  EXPECT_THAT(problem_of_replaced(), testing::HasSubstr("elsewhere"));
  EXPECT_TRUE(std::filesystem::exists(trial_ / core::kCheckpointFile));
}

}  // namespace
}  // namespace segbench::tests
