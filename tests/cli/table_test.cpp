// SPDX-License-Identifier: MIT
#include "harness/cli/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/text.h"
#include "harness/text/utf8.h"

namespace segbench::cli {
namespace {

using testing::HasSubstr, testing::Not;

Table wide_table() {
  Table table;
  table.columns = {{"variant"}, number_column("n"), number_column("mean"), {"message"}, {"trial"}, {"empty"}};
  for (int i = 0; i < 3; ++i) {
    table.rows.push_back(
        {"a quite long name of a variant that ends with number " + std::to_string(i), i, 0.25,
         "the beginning of a message, its long middle, and in the end its cause " + std::to_string(i),
         "0123456789abcdef0123456789abcdef", nullptr});
  }
  return table;
}

TEST(Table, FitsTheTerminal) {
  for (const std::size_t width : {40, 80, 100}) {
    const std::string text = render(wide_table(), "table", width);
    for (const std::string& line : core::split(text, '\n')) EXPECT_LE(text::width(line), width) << line;
    EXPECT_THAT(text, HasSubstr("number 2")) << "names differ at their end";
    EXPECT_THAT(text, HasSubstr("cause 1"));
    EXPECT_THAT(text, HasSubstr("0123456789ab"));
    EXPECT_THAT(text, HasSubstr("0.2500"));
  }
  EXPECT_THAT(render(wide_table(), "table", 1000), HasSubstr("0123456789abcdef0123456789abcdef"));
  EXPECT_THAT(render(wide_table(), "csv", 40), HasSubstr("its long middle"));
}

TEST(Table, IsValidMarkdown) {
  Table table;
  table.columns = {number_column("n"), {"label"}};
  table.rows = {{1, "a|b <i> `c`\nd"}};
  const std::string text = render(table, "md");
  const std::vector<std::string> lines = core::split(text, '\n');
  EXPECT_EQ(lines[1], "| --: | " + std::string(lines[1].size() - 10, '-') + " |");
  EXPECT_THAT(lines[2], HasSubstr("a\\|b \\<i\\> \\`c\\` d"));
  ASSERT_EQ(lines.size(), 4u) << "one line a row";
}

TEST(Table, ControlCharactersNeverReachTheTerminal) {
  Table table;
  table.columns = {{"label\x1b[2J"}};
  table.rows = {{"\x1b]0;owned\x07"}, {"\xff\xfe"}};
  for (const char* format : {"table", "md", "json"}) {
    const std::string text = render(table, format);
    EXPECT_THAT(text, Not(HasSubstr("\x1b"))) << format;
    EXPECT_THAT(text, Not(HasSubstr("\x07"))) << format;
  }
}

}  // namespace
}  // namespace segbench::cli
