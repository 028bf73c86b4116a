// SPDX-License-Identifier: MIT
// Which logs a command reads again that looks at thousands of trials.
#include <fcntl.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <optional>
#include <thread>

#include "harness/trial/log_stamp.h"
#include "tests/store/store_fixture.h"

namespace segbench::tests {
namespace {

using core::TrialStatus;

class Refresh : public StoreTest {
 protected:
  void write(const std::vector<FakeTrial>& trials) {
    write_fake_study(runs(), trials);
    store_.emplace(store::Store::open(file()));
    store::import_runs(*store_, runs());
  }
  /// Long enough ago that no later change can bear the same time.
  static void let_settle() { std::this_thread::sleep_for(std::chrono::seconds(3)); }
  std::int64_t refresh() { return store::refresh(*store_, runs()).trials; }
  std::int64_t stamps() const { return std::stoll(rows("SELECT count(*) FROM log_stamps", 1).at(0)); }
  std::filesystem::path folder(const FakeTrial& trial) const {
    return runs() / "sizes" / core::kTrialsFolder / fake_trial_id(trial);
  }
  void set_status(const FakeTrial& trial, const std::string& status) {
    store::Connection connection(file(), store::Connection::Mode::kReadWrite);
    store::Statement(connection, "UPDATE trials SET status = ? WHERE trial_id = ?")
        .run(status, fake_trial_id(trial));
  }

  std::optional<store::Store> store_;
};

TEST_F(Refresh, ReadsNoLogAgainThatHasNotChanged) {
  std::vector<FakeTrial> trials = fake_trials({"small"}, {1, 2, 3});
  trials[1].end = "error";
  trials[2].end = "interrupted";
  write(trials);
  EXPECT_EQ(refresh(), 0);
  EXPECT_EQ(stamps(), 0) << "what was just written may change within the same tick of the clock";
  let_settle();
  EXPECT_EQ(refresh(), 0);
  EXPECT_EQ(stamps(), 2) << "the interrupted trial goes on";
  // What the store holds is believed as long as the stamp is the same, and no longer.
  set_status(trials[0], "failed");
  EXPECT_EQ(refresh(), 0);
  std::filesystem::permissions(folder(trials[0]) / core::kEventsFile, std::filesystem::perms::owner_read);
  EXPECT_EQ(refresh(), 1);
  EXPECT_EQ(store_->trial(fake_trial_id(trials[0])).status, TrialStatus::kComplete);
}

TEST_F(Refresh, NoticesALogThatWasEditedAndDatedBack) {
  const std::vector<FakeTrial> trials = fake_trials({"small"}, {1, 2});
  write(trials);
  let_settle();
  refresh();
  ASSERT_EQ(stamps(), 2);
  const std::filesystem::path log = folder(trials[0]) / core::kEventsFile;
  struct stat before {};
  ASSERT_EQ(::stat(log.c_str(), &before), 0);
  std::string text = core::read_file(log);
  text.back() = ' ';  // the last line, "finished", has no end any more
  std::ofstream(log, std::ios::binary) << text;
  const timespec times[2] = {before.st_atim, before.st_mtim};
  ASSERT_EQ(::utimensat(AT_FDCWD, log.c_str(), times, 0), 0);
  EXPECT_EQ(refresh(), 1);
  EXPECT_EQ(store_->trial(fake_trial_id(trials[0])).status, TrialStatus::kInterrupted);
}

TEST_F(Refresh, TakesInALogThatWasRewrittenToTheSameEnd) {
  std::vector<FakeTrial> trials = fake_trials({"small"}, {1, 2});
  write(trials);
  let_settle();
  refresh();
  trials[0].parameters = 5'000'000;
  write_fake_trial(runs(), trials[0]);
  EXPECT_EQ(refresh(), 1);
  EXPECT_EQ(store_->trial(fake_trial_id(trials[0])).parameters, 5'000'000);
}

TEST_F(Refresh, ACopyIsLookedAtOnceAndKnownThen) {
  const std::vector<FakeTrial> trials = fake_trials({"small"}, {1});
  write(trials);
  let_settle();
  refresh();
  const std::string before = rows("SELECT content, place FROM log_stamps", 2).at(0);
  const std::filesystem::path aside = runs() / "aside";
  std::filesystem::rename(folder(trials[0]), aside);
  ASSERT_EQ(std::system(("cp -a '" + aside.string() + "' '" + folder(trials[0]).string() + "'").c_str()), 0);
  std::filesystem::remove_all(aside);
  let_settle();
  EXPECT_EQ(refresh(), 0) << "it says the same";
  EXPECT_EQ(stamps(), 1);
  EXPECT_NE(rows("SELECT content, place FROM log_stamps", 2).at(0), before);
}

TEST_F(Refresh, StampsNothingThatMayStillChange) {
  std::vector<FakeTrial> trials = fake_trials({"small"}, {1});
  write(trials);
  const std::filesystem::path trial = folder(trials[0]);
  const std::time_t now = std::time(nullptr);
  trial::TrialStanding standing = trial::read_trial_standing(trial);
  EXPECT_FALSE(trial::is_settled(trial, standing, now));
  EXPECT_TRUE(trial::is_settled(trial, standing, now + 10));
  standing.log.state = trial::LogState::kNewer;
  EXPECT_FALSE(trial::is_settled(trial, standing, now + 10)) << "a later version of Segbench will read it";
  standing = {};
  standing.status = TrialStatus::kRunning;
  EXPECT_FALSE(trial::is_settled(trial, standing, now + 10));
}

}  // namespace
}  // namespace segbench::tests
