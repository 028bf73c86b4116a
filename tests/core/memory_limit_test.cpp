// SPDX-License-Identifier: MIT
#include "harness/core/memory_limit.h"

#include <gtest/gtest.h>

#include "harness/core/files.h"
#include "tests/support/temporary_folder.h"

namespace segbench::core {
namespace {

class MemoryLimit : public testing::Test {
 protected:
  void write(const std::filesystem::path& file, const std::string& text) {
    std::filesystem::create_directories((folder_ / file.string()).parent_path());
    write_file_atomically(folder_ / file.string(), text);
  }
  std::optional<std::int64_t> total() const { return total_memory_bytes(folder_ / ""); }

 private:
  tests::TemporaryFolder folder_;
};

TEST_F(MemoryLimit, IsTheMachines) {
  EXPECT_EQ(total(), std::nullopt);
  write("proc/meminfo", "MemTotal:       2048 kB\nMemFree:  12 kB\n");
  EXPECT_EQ(total(), 2048 * 1024);
}

TEST_F(MemoryLimit, IsTheSmallestOfTheControlGroups) {
  write("proc/meminfo", "MemTotal:       2048 kB\n");
  write("proc/self/cgroup", "0::/a/b\n");
  write("sys/fs/cgroup/a/b/memory.max", "max\n");
  EXPECT_EQ(total(), 2048 * 1024);
  write("sys/fs/cgroup/a/memory.max", "1000000\n");
  EXPECT_EQ(total(), 1000000);
}

TEST_F(MemoryLimit, KnowsVersionOne) {
  write("proc/meminfo", "MemTotal:       2048 kB\n");
  write("proc/self/cgroup", "7:memory:/job\n3:cpu:/job\n");
  write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  write("sys/fs/cgroup/memory/job/memory.limit_in_bytes", "500000\n");
  EXPECT_EQ(total(), 500000);
}

}  // namespace
}  // namespace segbench::core
