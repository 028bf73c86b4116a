// SPDX-License-Identifier: MIT
#include "harness/core/measures.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "harness/core/files.h"

namespace segbench::core {
namespace {

TEST(Measures, HaveKeysOfTheirOwnAndStandByOrigin) {
  std::set<std::string_view> keys;
  for (const Measure& measure : kMeasures) {
    EXPECT_TRUE(keys.insert(measure.key).second) << measure.key;
    EXPECT_FALSE(measure.title.empty() || measure.definition.empty() || measure.formula.empty())
        << measure.key;
    EXPECT_LT(measure.least, measure.most) << measure.key;
    if (!measure.with_background.empty()) {
      EXPECT_NE(find_measure(measure.with_background), nullptr);
    }
  }
  EXPECT_TRUE(std::is_sorted(kMeasures.begin(), kMeasures.end(),
                             [](const Measure& a, const Measure& b) { return a.origin < b.origin; }));
}

TEST(Measures, WhatIsRecordedOfATrialIsNoMetric) {
  EXPECT_EQ(find_metric("ece"), find_measure("ece"));
  EXPECT_EQ(find_metric("train_seconds"), nullptr);
  EXPECT_NE(find_measure("train_seconds"), nullptr);
  EXPECT_EQ(kPooledScores.back().key, "loss");
  EXPECT_TRUE(kMetrics.back().on_request);
}

// With SEGBENCH_UPDATE_DOCS set the page is brought up to date instead: review the difference and commit it.
TEST(Measures, StandInTheDocumentation) {
  const std::filesystem::path file = std::filesystem::path(SEGBENCH_SOURCE_DIR) / "docs" / "metrics.md";
  const std::string page = read_file(file);
  const std::size_t begin = page.find('\n', page.find("<!-- measures: begin")) + 1;
  const std::size_t end = page.find("<!-- measures: end");
  ASSERT_LE(begin, end);
  ASSERT_NE(end, std::string::npos);
  const std::string expected = "\n" + measures_table() + "\n";
  if (std::getenv("SEGBENCH_UPDATE_DOCS") != nullptr) {
    write_file_atomically(file, page.substr(0, begin) + expected + page.substr(end));
    return;
  }
  EXPECT_EQ(page.substr(begin, end - begin), expected) << "run this test with SEGBENCH_UPDATE_DOCS=1";
}

}  // namespace
}  // namespace segbench::core
