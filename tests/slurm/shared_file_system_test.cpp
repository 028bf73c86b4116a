// SPDX-License-Identifier: MIT
// Programs on a file system without locks that several machines may mount (tests/preload).
#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include "harness/core/file_lock.h"
#include "harness/core/files.h"
#include "harness/core/trial.h"
#include "harness/trial/attempt_log.h"
#include "tests/programs/workspace.h"

namespace segbench::tests {
namespace {

using testing::HasSubstr;

const Environment kShared = {{"LD_PRELOAD", SEGBENCH_PRELOAD},
                             {"ASAN_OPTIONS", "verify_asan_link_order=0:detect_leaks=0"}};

/// Bytes 18 and 19 of a database: 2 for WAL, 1 for any other journal.
int journal_version(const std::filesystem::path& file) {
  const std::string bytes = core::read_file(file);
  return bytes.size() < 20 ? 0 : std::max(bytes[18], bytes[19]);
}

TEST(SharedFileSystem, AStudyRunsWithOwnerFilesAndWithoutWal) {
  const Workspace workspace;
  workspace.write("tiny.toml", tiny_study("tiny", 2));
  const ProcessResult run = workspace.segbench({"run", "tiny.toml", "--jobs", "2"}, kShared);
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(journal_version(workspace.path() / "runs/results.sqlite"), 1);
  for (const auto& trial : workspace.trials("tiny"))
    EXPECT_FALSE(std::filesystem::exists(core::owner_file(trial / core::kTrialLockFile))) << "given back";
}

TEST(SharedFileSystem, AStoreInWalIsTakenOutOfIt) {
  const Workspace workspace;
  workspace.write("tiny.toml", tiny_study("tiny", 1));
  ASSERT_EQ(workspace.segbench({"run", "tiny.toml"}).exit_code, 0);
  const auto store = workspace.path() / "runs/results.sqlite";
  ASSERT_EQ(journal_version(store), 2);
  const ProcessResult compared = workspace.segbench({"compare", "tiny"}, kShared);
  EXPECT_EQ(compared.exit_code, 0) << compared.err;
  EXPECT_EQ(journal_version(store), 1);
  EXPECT_FALSE(std::filesystem::exists(store.string() + "-wal"));
}

TEST(SharedFileSystem, TwoWorkersDoNotWriteOneTrial) {
  const Workspace workspace;
  workspace.write("tiny.toml", tiny_study("tiny", 100'000));
  ASSERT_EQ(workspace.segbench({"run", "tiny.toml", "--prepare"}, kShared).exit_code, 0);
  const auto trial = workspace.trials("tiny").front();
  const auto attempts = [&] { return trial::read_attempts(trial).attempts.size(); };
  const auto wait_for_attempts = [&](std::size_t number) {
    for (int i = 0; i < 6000 && attempts() < number; ++i) ::usleep(10'000);
    return attempts();
  };
  const std::vector<std::string> train = {std::string(SEGBENCH_BINARY_DIR) + "/segbench-worker", "train",
                                          (trial / core::kTrialFile).string(), "--threads", "1"};
  Process first(train, workspace.path(), kShared);
  ASSERT_EQ(wait_for_attempts(1), 1u);
  const ProcessResult second = run_process(train, workspace.path(), kShared);
  EXPECT_EQ(second.exit_code, 75) << second.err;
  EXPECT_THAT(second.err, HasSubstr("the trial is being run by process " + std::to_string(first.pid())));
  EXPECT_EQ(attempts(), 1u);
  first.signal(SIGKILL);
  first.wait();
  Process third(train, workspace.path(), kShared);  // the owner is gone
  EXPECT_EQ(wait_for_attempts(2), 2u);
  third.signal(SIGTERM);
  EXPECT_EQ(third.wait().exit_code, 128 + SIGTERM);
}

TEST(SharedFileSystem, ATrialOfALostHostIsLeftAloneWithWordsUntilAPersonFreesIt) {
  const Workspace workspace;
  workspace.write("tiny.toml", tiny_study("tiny", 1));
  ASSERT_EQ(workspace.segbench({"run", "tiny.toml", "--prepare"}, kShared).exit_code, 0);
  const auto trial = workspace.trials("tiny").front();
  const std::vector<std::string> train = {std::string(SEGBENCH_BINARY_DIR) + "/segbench-worker", "train",
                                          (trial / core::kTrialFile).string()};
  core::LockOwner lost = core::this_owner();
  lost.host = "n77";
  lost.job = "12";
  const auto file = core::owner_file(trial / core::kTrialLockFile);
  core::write_file_atomically(file, to_line(lost));
  const ProcessResult refused = run_process(train, workspace.path(), kShared);
  EXPECT_EQ(refused.exit_code, 75);
  EXPECT_THAT(refused.err, HasSubstr("when that process is dead, remove " + file.string()));
  // Slurm has started the job anew: it knows better.
  Environment again = kShared;
  again.insert(again.end(), {{"SLURM_JOB_ID", "12"}, {"SLURM_RESTART_COUNT", "1"}});
  EXPECT_EQ(run_process(train, workspace.path(), again).exit_code, 0);
}

}  // namespace
}  // namespace segbench::tests
