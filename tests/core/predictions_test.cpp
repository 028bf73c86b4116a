// SPDX-License-Identifier: MIT
#include "harness/core/predictions.h"

#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "tests/support/temporary_folder.h"

namespace segbench::core {
namespace {

Predictions some_predictions() {
  return {.trial_id = "0123456789abcdef",
          .epoch = 4,
          .split = "test",
          .height = 2,
          .width = 3,
          .num_classes = 11,
          .samples = {{7, "seven"}, {9, "nine\nwith a line end"}},
          .labels = {0, 1, 2, 10, 10, 0, 3, 3, 3, 4, 4, 4}};
}

TEST(Predictions, ReadBackAsWritten) {
  const tests::TemporaryFolder folder;
  write_predictions(folder / "p.u8", some_predictions());
  const Predictions read = read_predictions(folder / "p.u8");
  EXPECT_EQ(read.trial_id, "0123456789abcdef");
  EXPECT_EQ(read.epoch, 4);
  EXPECT_EQ(read.num_classes, 11);
  ASSERT_EQ(read.samples.size(), 2U);
  EXPECT_EQ(read.samples[1].id, "nine\nwith a line end");
  EXPECT_EQ(read.labels, some_predictions().labels);
  EXPECT_EQ(read.label_map(1)[3], 4);
}

TEST(Predictions, DamageIsNamed) {
  const tests::TemporaryFolder folder;
  write_predictions(folder / "p.u8", some_predictions());
  const std::string whole = read_file(folder / "p.u8");
  for (const std::size_t length : {std::size_t{0}, std::size_t{10}, whole.size() - 13, whole.size() - 1}) {
    write_file_atomically(folder / "cut.u8", whole.substr(0, length));
    EXPECT_THROW(read_predictions(folder / "cut.u8"), UserError) << length;
  }
  write_file_atomically(folder / "new.u8", "{\"format\": 2}\n");
  EXPECT_THROW(read_predictions(folder / "new.u8"), UserError);
}

}  // namespace
}  // namespace segbench::core
