// SPDX-License-Identifier: MIT
#include "harness/core/files.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

#include "harness/core/error.h"
#include "tests/support/temporary_folder.h"

namespace segbench::core {
namespace {

std::size_t entries(const std::filesystem::path& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

TEST(WriteFileAtomically, ReplacesAndLeavesNothingElseBehind) {
  const tests::TemporaryFolder folder;
  for (const OnDisk on_disk : {OnDisk::kNow, OnDisk::kLater}) {
    write_file_atomically(folder / "f", "old", on_disk);
    write_file_atomically(folder / "f", "new content", on_disk);
    EXPECT_EQ(read_file(folder / "f"), "new content");
    EXPECT_EQ(entries(folder.path()), 1u);
  }
}

TEST(WriteFileAtomically, KeepsTheOldFileWhenTheWriterFails) {
  const tests::TemporaryFolder folder;
  write_file_atomically(folder / "f", "old");
  const auto broken = [](const AppendBytes& append) {
    append(std::as_bytes(std::span("half", 4)));
    throw std::runtime_error("disk caught fire");
  };
  EXPECT_THROW(write_file_atomically(folder / "f", broken), std::runtime_error);
  EXPECT_EQ(read_file(folder / "f"), "old");
  EXPECT_EQ(entries(folder.path()), 1u);
}

TEST(WriteFileAtomically, SaysWhichFileCannotBeWritten) {
  try {
    write_file_atomically("/nowhere/at/all/f", "x");
    FAIL();
  } catch (const UserError& error) {
    EXPECT_NE(std::string(error.what()).find("/nowhere/at/all/f"), std::string::npos);
  }
}

TEST(ReadFile, RefusesFolders) {
  EXPECT_THROW(read_file("/tmp"), UserError);
}

TEST(MappedFile, ShowsTheBytesAlsoOfAnEmptyFile) {
  const tests::TemporaryFolder folder;
  write_file_atomically(folder / "f", "bytes");
  write_file_atomically(folder / "empty", "");
  const MappedFile mapped(folder / "f");
  ASSERT_EQ(mapped.bytes().size(), 5u);
  EXPECT_EQ(static_cast<char>(mapped.bytes()[0]), 'b');
  EXPECT_EQ(MappedFile(folder / "empty").bytes().size(), 0u);
}

}  // namespace
}  // namespace segbench::core
