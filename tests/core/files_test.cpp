// SPDX-License-Identifier: MIT
#include "harness/core/files.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <vector>

#include "harness/core/error.h"
#include "harness/core/file_system.h"
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

TEST(WriteFileAtomically, RemovesWhatKilledProcessesLeftOfTheSameFile) {
  const tests::TemporaryFolder folder;
  const std::filesystem::path left = folder / "f.tmp-999999999";
  const std::vector<std::filesystem::path> others = {folder / "g.tmp-999999999", folder / "f.tmp-1",
                                                     folder / "f.tmp-9x"};
  std::ofstream(left) << "half";
  for (const auto& other : others) std::ofstream(other) << "of somebody else";
  write_file_atomically(folder / "f", "new", OnDisk::kLater);
  EXPECT_TRUE(std::filesystem::exists(left)) << "not looked for by each of many small files";
  write_file_atomically(folder / "f", "new");
  EXPECT_EQ(std::filesystem::exists(left), is_on_network(folder.path()));
  for (const auto& other : others) EXPECT_TRUE(std::filesystem::exists(other)) << other;
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
