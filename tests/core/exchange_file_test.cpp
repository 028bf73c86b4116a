// SPDX-License-Identifier: MIT
#include "harness/core/exchange_file.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "harness/core/error.h"
#include "tests/support/temporary_folder.h"

namespace segbench::core {
namespace {

std::span<const std::byte> bytes(const std::vector<int>& values) {
  return std::as_bytes(std::span(values));
}

TEST(ExchangeFile, HoldsWhatWasWrittenLast) {
  const tests::TemporaryFolder folder;
  const auto file = folder / "values";
  std::vector<int> read(3);
  for (const std::vector<int>& values : {std::vector<int>{1, 2, 3, 4, 5}, {6, 7, 8}}) {
    write_exchange(file, bytes(values));
    read.resize(values.size());
    read_exchange(file, std::as_writable_bytes(std::span(read)));
    EXPECT_EQ(read, values) << "also where it has become shorter";
  }
}

TEST(ExchangeFile, OfAnotherLengthIsRefused) {
  const tests::TemporaryFolder folder;
  write_exchange(folder / "values", bytes({1, 2}));
  std::vector<int> three(3);
  EXPECT_THROW(read_exchange(folder / "values", std::as_writable_bytes(std::span(three))), UserError);
  EXPECT_THROW(read_exchange(folder / "none", std::as_writable_bytes(std::span(three))), UserError);
  EXPECT_THROW(write_exchange(folder / "no/folder", bytes({1})), UserError);
}

}  // namespace
}  // namespace segbench::core
