// SPDX-License-Identifier: MIT
#include "harness/core/read_end.h"

#include <gtest/gtest.h>

#include "harness/core/files.h"
#include "tests/support/temporary_folder.h"

namespace segbench::core {
namespace {

TEST(ReadEnd, BeginsWithAWholeLine) {
  const tests::TemporaryFolder folder;
  const std::filesystem::path file = folder / "log";
  write_file_atomically(file, "first\nsecond\nthird\n");
  EXPECT_EQ(read_end(file, 100), "first\nsecond\nthird\n");
  EXPECT_EQ(read_end(file, 19), "first\nsecond\nthird\n");
  EXPECT_EQ(read_end(file, 18), "second\nthird\n");
  EXPECT_EQ(read_end(file, 8), "third\n");
  EXPECT_EQ(read_end(folder / "none", 8), "");
}

TEST(ReadEnd, KeepsTheEndOfOneLongLine) {
  const tests::TemporaryFolder folder;
  write_file_atomically(folder / "log", "one line without an end");
  EXPECT_EQ(read_end(folder / "log", 3), "end");
}

}  // namespace
}  // namespace segbench::core
