// SPDX-License-Identifier: MIT
#include "harness/cli/data_output.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace segbench::cli {
namespace {

using testing::HasSubstr;

data::AuditReport report_of_two_classes() {
  data::AuditReport report;
  report.root = "/data";
  report.classes = {{"road", {}}, {"car", {}}};
  report.class_pixels = {{"train", {75, 25, 100}}, {"selection", {0, 0, 0}}, {"test", {8, 0, 0}}};
  report.findings = {{true, "a.png", "is broken", "unreadable"}, {false, "", "is small", "near_empty"}};
  return report;
}

std::vector<core::Json> values_of(const std::vector<text::Cell>& row) {
  std::vector<core::Json> values;
  for (const text::Cell& cell : row) values.push_back(cell.value);
  return values;
}

TEST(ClassTable, GivesSharesOfWhatIsNotVoid) {
  const Table table = class_table(report_of_two_classes());
  ASSERT_EQ(table.rows.size(), 3U);
  EXPECT_EQ(values_of(table.rows[0]), (std::vector<core::Json>{"road", 75, 37.5, 0, nullptr, 8, 100.0}));
  EXPECT_EQ(values_of(table.rows[1]), (std::vector<core::Json>{"car", 25, 12.5, 0, nullptr, 0, 0.0}));
  EXPECT_EQ(values_of(table.rows[2]), (std::vector<core::Json>{"(void)", 100, 50.0, 0, nullptr, 0, 0.0}));
}

TEST(ClassTable, OfDataThatCouldNotBeReadHasUndefinedCells) {
  data::AuditReport report = report_of_two_classes();
  report.class_pixels.clear();
  EXPECT_EQ(values_of(class_table(report).rows[0]),
            (std::vector<core::Json>{"road", nullptr, nullptr, nullptr, nullptr, nullptr, nullptr}));
}

TEST(FindingLines, TellRefusalsFromWarnings) {
  const std::string text = finding_lines(report_of_two_classes());
  EXPECT_THAT(text, HasSubstr("refused: /data/a.png: is broken\n"));
  EXPECT_THAT(text, HasSubstr("warning: /data: is small\n"));
}

}  // namespace
}  // namespace segbench::cli
