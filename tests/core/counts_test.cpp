// SPDX-License-Identifier: MIT
#include "harness/core/counts.h"

#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "harness/core/random.h"
#include "tests/support/npy.h"
#include "tests/support/oracles.h"

namespace segbench::core {
namespace {

TEST(CountPixels, EqualsAPlainLoopForEveryLength) {
  for (const int classes : {1, 2, 21, 255}) {
    for (std::size_t n = 0; n < 70; ++n) {
      Stream stream(n, Purpose::kShapes, static_cast<std::uint32_t>(classes));
      std::vector<std::uint8_t> truth(n), prediction(n);
      Confusion expected(classes);
      for (std::size_t i = 0; i < n; ++i) {
        const auto g = stream.below(static_cast<std::uint64_t>(classes) + 1);
        const auto p = stream.below(static_cast<std::uint64_t>(classes));
        truth[i] = g == static_cast<std::uint64_t>(classes) ? kVoidLabel : static_cast<std::uint8_t>(g);
        prediction[i] = static_cast<std::uint8_t>(p);
        if (truth[i] != kVoidLabel) ++expected.at(static_cast<int>(g), static_cast<int>(p));
      }
      EXPECT_EQ(count_pixels(truth, prediction, classes), expected)
          << classes << " classes, " << n << " pixels";
    }
  }
}

TEST(CountPixels, RefusesValuesOutsideTheClasses) {
  const std::vector<std::uint8_t> ok = {0, 1}, outside = {0, 2};
  EXPECT_THROW(count_pixels(outside, ok, 2), InternalError);
  EXPECT_THROW(count_pixels(ok, outside, 2), InternalError);
  EXPECT_THROW(count_pixels(ok, std::vector<std::uint8_t>{0}, 2), InternalError);
}

TEST(CountLabels, CountsClassesAndVoid) {
  const std::vector<std::uint8_t> labels = {0, 1, 1, 255, 2, 255, 255};
  EXPECT_EQ(count_labels(labels, 3), (std::vector<std::int64_t>{1, 2, 1, 3}));
  EXPECT_THROW(count_labels(labels, 2), InternalError);
}

TEST(Confusion, ClassCountsFollowFromIt) {
  Confusion confusion(2);
  confusion.at(0, 0) = 5, confusion.at(0, 1) = 2, confusion.at(1, 0) = 3, confusion.at(1, 1) = 7;
  const auto counts = confusion.class_counts();
  EXPECT_EQ(counts[0], (ClassCounts{5, 3, 2}));
  EXPECT_EQ(counts[1], (ClassCounts{7, 2, 3}));
  EXPECT_EQ(confusion.valid_pixels(), 17);
}

TEST(CountPixels, EqualsTheGoldenConfusionMatrices) {
  SEGBENCH_NEEDS_ORACLES();
  int cases = 0;
  for (const tests::OracleCase& c : tests::oracle_cases("label_maps")) {
    SCOPED_TRACE(c.file.filename().string());
    auto truth = tests::read_npy(c.beside(c.json["gt"])).bytes();
    const auto prediction = tests::read_npy(c.beside(c.json["pred"])).bytes();
    if (const Json& ignore = c.json["ignore_label"]; !ignore.is_null()) {
      for (auto& label : truth) {
        if (label == ignore.get<int>()) label = kVoidLabel;
      }
    }
    const int classes = c.json["num_classes"];
    const Confusion confusion = count_pixels(truth, prediction, classes);
    for (int g = 0; g < classes; ++g) {
      for (int p = 0; p < classes; ++p) EXPECT_EQ(confusion.at(g, p), c.json["confusion"][g][p]);
    }
    ++cases;
  }
  EXPECT_GT(cases, 0);
}

}  // namespace
}  // namespace segbench::core
