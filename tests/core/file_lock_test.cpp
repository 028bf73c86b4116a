// SPDX-License-Identifier: MIT
#include "harness/core/file_lock.h"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/core/error.h"
#include "harness/core/file_system.h"
#include "harness/core/files.h"
#include "harness/core/machine.h"
#include "tests/support/temporary_folder.h"

namespace segbench::core {
namespace {

TEST(FileLock, IsHeldByOneProcessAndReleasedByItsDeath) {
  const tests::TemporaryFolder folder;
  int ready[2], done[2];
  ASSERT_EQ(pipe(ready), 0);
  ASSERT_EQ(pipe(done), 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto lock = FileLock::try_acquire(folder / "lock");
    char byte = lock ? 'y' : 'n';
    (void)!write(ready[1], &byte, 1);
    (void)!read(done[0], &byte, 1);
    _exit(0);
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  EXPECT_EQ(byte, 'y');
  EXPECT_FALSE(FileLock::try_acquire(folder / "lock").has_value());
  const auto holder = FileLock::holder(folder / "lock");
  ASSERT_TRUE(holder.has_value());
  EXPECT_EQ(holder->process, child);
  EXPECT_EQ(holder->host, host_name());
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_FALSE(FileLock::holder(folder / "lock").has_value());
  EXPECT_TRUE(FileLock::try_acquire(folder / "lock").has_value());
}

TEST(FileLock, LookingForAHolderTakesNothing) {
  const tests::TemporaryFolder folder;
  EXPECT_FALSE(FileLock::holder(folder / "lock").has_value());
  EXPECT_FALSE(std::filesystem::exists(folder / "lock"));
  const auto lock = FileLock::try_acquire(folder / "lock");
  FileLock::holder(folder / "lock");
  EXPECT_TRUE(lock->is_held());
}

TEST(FileLock, AHolderThatWasReplacedSeesIt) {
  const tests::TemporaryFolder folder;
  const auto lock = FileLock::try_acquire(folder / "lock");
  ASSERT_TRUE(lock.has_value());
  EXPECT_NO_THROW(lock->require_held());
  LockOwner other = this_owner();
  other.process = 4711;
  other.host = "n2";
  other.job = "12";
  write_file_atomically(folder / "lock", to_line(other));
  EXPECT_FALSE(lock->is_held());
  try {
    lock->require_held();
    FAIL() << "a lost lock counts as held";
  } catch (const UserError& error) {
    EXPECT_EQ(error.exit_code(), kTryAgain);
    EXPECT_THAT(error.what(), testing::HasSubstr("process 4711 on host n2 (Slurm job 12)"));
  }
  std::filesystem::remove(folder / "lock");
  EXPECT_FALSE(lock->is_held());
}

TEST(LockOwner, IsReadAsItWasWritten) {
  const LockOwner owner{
      .process = 7, .host = "n1", .nonce = "ab", .job = "", .restarts = 2, .started_at = 99};
  EXPECT_EQ(parse_lock_owner(to_line(owner)), owner);
  EXPECT_EQ(parse_lock_owner("1234\n").process, 1234) << "what earlier versions wrote";
  EXPECT_EQ(parse_lock_owner("").process, 0);
  EXPECT_EQ(parse_lock_owner("rubbish").process, 0);
}

TEST(LockOwner, IsGoneWhenItsProcessIsOrItsJobWasStartedAnew) {
  const LockOwner us = this_owner();
  EXPECT_FALSE(is_gone(us, us));
  const pid_t child = fork();
  if (child == 0) _exit(0);
  waitpid(child, nullptr, 0);
  LockOwner dead = us;
  dead.process = child;
  EXPECT_TRUE(is_gone(dead, us));
  dead.host = "elsewhere";
  EXPECT_FALSE(is_gone(dead, us)) << "of another host nothing is known";
  LockOwner former = us;
  former.started_at -= 1;
  EXPECT_TRUE(is_gone(former, us)) << "the number of a process was used again";
  LockOwner before = us, after = us;
  before.host = "elsewhere";
  before.job = after.job = "12";
  EXPECT_FALSE(is_gone(before, after));
  after.restarts = 1;
  EXPECT_TRUE(is_gone(before, after));
  EXPECT_FALSE(is_gone(after, before));
}

TEST(FileSystem, TellsNetworksFromDisks) {
  for (const long type : {0x6969L, 0xFF534D42L, static_cast<long>(static_cast<int>(0xFF534D42)), 0x0BD00BD0L})
    EXPECT_TRUE(is_network_type(type)) << type;
  for (const long type : {0xEF53L, 0x58465342L, 0x01021994L, 0x9123683EL, 0x794C7630L})
    EXPECT_FALSE(is_network_type(type)) << type;
  EXPECT_FALSE(is_on_network("/proc/self/status"));
  EXPECT_FALSE(is_on_network("/proc/there/is/nothing"));
}

}  // namespace
}  // namespace segbench::core
