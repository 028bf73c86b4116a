// SPDX-License-Identifier: MIT
#include "harness/metrics/outline_measures.h"

#include <gtest/gtest.h>

#include "harness/core/counts.h"
#include "harness/core/measures.h"

namespace segbench::tests {
namespace {

std::vector<std::string> all_keys() {
  return {metrics::outline_keys().begin(), metrics::outline_keys().end()};
}

TEST(OutlineMeasures, AreKnownOnRequest) {
  for (const std::string& key : all_keys()) {
    const core::Measure* measure = core::find_metric(key);
    ASSERT_NE(measure, nullptr) << key;
    EXPECT_TRUE(measure->on_request) << key;
  }
}

TEST(OutlineMeasures, TellAPerfectMapFromNoMap) {
  // Class 1 is a square, class 2 occurs nowhere.
  std::vector<std::uint8_t> truth(64), nothing(64);
  for (std::size_t y = 2; y < 6; ++y) {
    for (std::size_t x = 2; x < 6; ++x) truth[y * 8 + x] = 1;
  }
  const auto perfect = metrics::outline_measures(all_keys(), {truth, truth, 8, 8}, 3, {});
  const auto missed = metrics::outline_measures(all_keys(), {truth, nothing, 8, 8}, 3, {});
  ASSERT_EQ(perfect.size(), all_keys().size());
  for (const auto& [key, values] : perfect) {
    const bool distance = core::find_metric(key)->unit == "pixels";
    EXPECT_EQ(values.at(1), distance ? 0 : 1) << key;
    EXPECT_EQ(values.at(2), std::nullopt) << key;
    EXPECT_EQ(missed.at(key).at(1), distance ? std::nullopt : std::optional(0.0)) << key;
  }
}

TEST(OutlineMeasures, ToleranceIsInPixels) {
  std::vector<std::uint8_t> truth(64), shifted(64);
  for (std::size_t y = 0; y < 8; ++y) {
    for (std::size_t x = 0; x < 8; ++x) {
      truth[y * 8 + x] = x >= 3 ? 1 : 0;
      shifted[y * 8 + x] = x >= 5 ? 1 : 0;
    }
  }
  const std::vector<std::string> keys = {"boundary_f1"};
  const metrics::LabelPair pair{truth, shifted, 8, 8};
  EXPECT_EQ(metrics::outline_measures(keys, pair, 2, {.tolerance = 1}).at("boundary_f1").at(1), 0);
  EXPECT_EQ(metrics::outline_measures(keys, pair, 2, {.tolerance = 2}).at("boundary_f1").at(1), 1);
}

TEST(MeasureMeans, LeaveOutTheBackgroundAndWhatIsUndefined) {
  const std::vector<metrics::ClassValues> images = {
      {9, 1, std::nullopt}, {9, 3, 5}, {9, std::nullopt, std::nullopt}};
  const metrics::MeasureMeans means = metrics::means_of(images, core::kFirstClass);
  EXPECT_EQ(means.images, (metrics::ClassValues{1, 4, std::nullopt}));
  EXPECT_EQ(means.classes, (metrics::ClassValues{9, 2, 5}));
  EXPECT_EQ(means.all, 2.5);
  EXPECT_EQ(metrics::means_of(images, std::nullopt).images.at(2), 9);
}

}  // namespace
}  // namespace segbench::tests
