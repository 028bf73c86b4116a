// SPDX-License-Identifier: MIT
#include "results/store/store_keeper.h"

#include <gmock/gmock.h>

#include <optional>

#include "harness/core/study_file.h"
#include "results/store/sqlite.h"
#include "tests/support/fake_trials.h"
#include "tests/support/temporary_folder.h"

namespace segbench::tests {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class StoreKeeperTest : public testing::Test {
 protected:
  StoreKeeperTest() { write_fake_study(runs(), trials_); }
  std::filesystem::path runs() const { return folder_.path(); }
  std::filesystem::path file() const { return runs() / core::kStoreFile; }
  void take_in_all(store::StoreKeeper& keeper) const {
    keeper.take_in_study(runs() / "sizes");
    for (const FakeTrial& trial : trials_)
      keeper.take_in_trial(runs() / "sizes" / core::kTrialsFolder / fake_trial_id(trial));
  }

  TemporaryFolder folder_;
  std::vector<FakeTrial> trials_ = fake_trials({"small"}, {1, 2});
  std::vector<std::string> told_;
  store::StoreKeeper keeper_{file(), runs(), [this](const std::string& text) { told_.push_back(text); }};
};

TEST_F(StoreKeeperTest, ALockedStoreIsWarnedOfOnceAndTakesEverythingInLater) {
  store::Store::open(file());
  std::optional<store::Connection> other(std::in_place, file(), store::Connection::Mode::kReadWrite);
  other->execute("BEGIN EXCLUSIVE");
  take_in_all(keeper_);
  EXPECT_FALSE(keeper_.finish());
  EXPECT_THAT(told_, ElementsAre(HasSubstr("another process is writing to it; the trials go on")));
  other.reset();
  EXPECT_TRUE(keeper_.finish());
  EXPECT_EQ(keeper_.complete_trials("sizes").size(), 2U);
}

TEST_F(StoreKeeperTest, WhatIsNoStoreStopsNothing) {
  std::filesystem::create_directory(file());  // stands for anything that cannot be opened
  take_in_all(keeper_);
  EXPECT_THAT(told_, ElementsAre(HasSubstr("cannot be opened")));
  EXPECT_THAT(keeper_.complete_trials("sizes"), IsEmpty());
  std::filesystem::remove(file());
  EXPECT_TRUE(keeper_.finish());
  EXPECT_EQ(keeper_.complete_trials("sizes").size(), 2U);
}

}  // namespace
}  // namespace segbench::tests
