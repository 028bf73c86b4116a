// SPDX-License-Identifier: MIT
#include "harness/train/select.h"

#include <gtest/gtest.h>

#include <vector>

#include "harness/core/decode_cache.h"
#include "harness/core/files.h"
#include "harness/trial/event_log.h"
#include "tests/train/tiny_trial.h"

namespace segbench::tests {
namespace {

using Values = std::vector<std::optional<double>>;
constexpr std::nullopt_t kUndefined = std::nullopt;

/// The epoch, from 1, that is selected when evaluations give these values.
std::int64_t selected(const Values& values, const std::string& metric = "miou_no_background") {
  train::SelectedEpoch best;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (train::replaces_selected(values[i], best, metric))
      best = {static_cast<std::int64_t>(i) + 1, values[i]};
  }
  return best.epoch;
}

TEST(SelectedEpoch, IsTheEarliestOfTheBest) {
  EXPECT_EQ(selected({0.2, 0.5, 0.5, 0.1}), 2);
  EXPECT_EQ(selected({0.2, 0.1, 0.1, 0.3}, "loss"), 2);
  EXPECT_EQ(selected({0.0, 0.0}), 1);
}

TEST(SelectedEpoch, UndefinedNeverLosesToZero) {
  EXPECT_EQ(selected({0.0, kUndefined, 0.0}), 2);
  EXPECT_EQ(selected({kUndefined, 0.0}), 1);
  EXPECT_EQ(selected({0.0, kUndefined}, "mean_dice_no_background"), 2);
}

TEST(SelectedEpoch, UndefinedIsSkippedWhereOthersSayMore) {
  EXPECT_EQ(selected({0.3, kUndefined, 0.2}), 1);
  EXPECT_EQ(selected({kUndefined, 0.2, kUndefined}), 2);
  EXPECT_EQ(selected({kUndefined, 7.0, kUndefined}, "loss"), 2);
}

TEST(SelectedEpoch, IsTheLastWhereAllAreUndefined) {
  EXPECT_EQ(selected({kUndefined, kUndefined, kUndefined}), 3);
  EXPECT_EQ(selected({kUndefined, kUndefined}, "loss"), 2);
}

TEST(OnlyPredictedClass, IsThatOfNearlyAllPixelsWhenNoOtherIsFound) {
  using Counts = std::vector<core::ClassCounts>;
  EXPECT_EQ(train::only_predicted_class(Counts{{900, 100, 0}, {0, 0, 100}}), 0u);
  EXPECT_EQ(train::only_predicted_class(Counts{{0, 0, 900}, {100, 893, 0}, {0, 7, 0}}), 1u)
      << "but for 7 pixels";
  EXPECT_EQ(train::only_predicted_class(Counts{{990, 5, 0}, {5, 0, 5}}), std::nullopt)
      << "a rare class, half found";
  EXPECT_EQ(train::only_predicted_class(Counts{{900, 70, 0}, {0, 30, 100}}), std::nullopt)
      << "others are predicted";
  EXPECT_EQ(train::only_predicted_class(Counts{{1000, 0, 0}, {0, 0, 0}}), std::nullopt) << "right to do so";
  EXPECT_EQ(train::only_predicted_class(Counts{{0, 0, 0}, {0, 0, 0}}), std::nullopt);
}

TEST(SelectedEpoch, IsToldWhereNoValueIsDefined) {
  const TinyTrials trials;
  // Nothing counts in the selection split (samples 13 to 16), so every metric is undefined there.
  std::string labels = core::read_file(trials.cache() / core::kCacheLabelsFile);
  const std::size_t image = 32 * 40;
  for (std::size_t i = 13 * image; i < 17 * image; ++i) labels[i] = static_cast<char>(255);
  core::write_file_atomically(trials.cache() / core::kCacheLabelsFile, labels);
  const auto trial = trials.add("undefined");
  const ProcessResult result = train(trial);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(event_of(trial, "selected").at("epoch"), 3);
  EXPECT_TRUE(event_of(trial, "selected").at("value").is_null());
  EXPECT_EQ(event_of(trial, "warning").at("code"), "selection_undefined");
}

}  // namespace
}  // namespace segbench::tests
