// SPDX-License-Identifier: MIT
#include "harness/core/streams.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

namespace segbench::core {
namespace {

TEST(Visible, LeavesNoControlCharacter) {
  EXPECT_EQ(visible("a\x1b[31mred\x07\x7f\xC2\x9B"), "a\\x1b[31mred\\x07\\x7f\\x9b");
  EXPECT_EQ(visible("two\nlines\tand \xC2\xB5m\n"), "two\nlines\tand \xC2\xB5m\n");
  EXPECT_EQ(visible("\rgone\x1b[K"), "\rgone\x1b[K") << "our own progress";
}

TEST(SystemMessage, NamesTheLimit) {
  EXPECT_THAT(system_message(EMFILE), testing::HasSubstr("ulimit -n"));
  EXPECT_THAT(system_message(EFBIG), testing::HasSubstr("ulimit -f"));
  EXPECT_THAT(system_message(ENOMEM), testing::HasSubstr("ulimit -v"));
}

}  // namespace
}  // namespace segbench::core
