// SPDX-License-Identifier: MIT
#include "harness/metrics/scores.h"

#include <gmock/gmock.h>

#include "harness/core/error.h"
#include "harness/core/measures.h"
#include "tests/metrics/numbers.h"

namespace segbench::tests {
namespace {

using core::Json;

/// Every key of an oracle's "pooled" object; an unknown key fails the test, so that none is passed over.
void expect_pooled(const Json& wanted, const metrics::PooledScores& found, const std::string& where) {
  const std::map<std::string, std::optional<double>> scalars = {
      {"num_valid_pixels", static_cast<double>(found.num_valid_pixels)},
      {"pixel_accuracy", found.pixel_accuracy},
      {"mean_class_accuracy", found.mean_class_accuracy},
      {"miou_union_present", found.miou_union_present},
      {"miou_gt_present", found.miou_gt_present},
      {"miou_absent_as_zero", found.miou_absent_as_zero},
      {"miou_absent_as_one", found.miou_absent_as_one},
      {"miou_no_background", found.miou_no_background},
      {"fwiou", found.fwiou},
      {"mean_dice_union_present", found.mean_dice_union_present},
      {"mean_dice_no_background", found.mean_dice_no_background},
      {"miou_background_pixels_ignored", found.miou_background_pixels_ignored},
      {"cohen_kappa", found.cohen_kappa},
      {"mcc", found.mcc}};
  const std::map<std::string, std::vector<std::optional<double>>> lists = {
      {"class_accuracy", found.class_accuracy},
      {"class_precision", found.class_precision},
      {"iou", found.iou},
      {"dice", found.dice}};
  for (const auto& [key, value] : wanted.items()) {
    if (value.is_array()) {
      ASSERT_TRUE(lists.contains(key)) << where << ": no such list: " << key;
      expect_numbers(value, lists.at(key), where + " " + key);
    } else {
      ASSERT_TRUE(scalars.contains(key)) << where << ": no such score: " << key;
      expect_number(value, scalars.at(key), where + " " + key);
    }
  }
}

core::Confusion confusion_of(const Json& rows) {
  core::Confusion confusion(static_cast<int>(rows.size()));
  for (int g = 0; g < confusion.num_classes(); ++g) {
    for (int p = 0; p < confusion.num_classes(); ++p) confusion.at(g, p) = rows.at(g).at(p);
  }
  return confusion;
}

TEST(PooledScores, EqualTheOraclesOfLabelMaps) {
  SEGBENCH_NEEDS_ORACLES();
  const std::vector<OracleCase> cases = oracle_cases("label_maps");
  ASSERT_FALSE(cases.empty());
  for (const OracleCase& oracle : cases) {
    core::Confusion pooled(oracle.json.at("num_classes").get<int>());
    for (const core::Confusion& image : image_confusions(oracle)) pooled += image;
    EXPECT_EQ(pooled, confusion_of(oracle.json.at("confusion"))) << oracle.file;
    expect_pooled(oracle.json.at("pooled"), metrics::pooled_scores(pooled), oracle.file.filename());
  }
}

TEST(PooledScores, EqualTheOraclesOfConfusionMatrices) {
  SEGBENCH_NEEDS_ORACLES();
  const std::vector<OracleCase> cases = oracle_cases("confusion_only");
  ASSERT_FALSE(cases.empty());
  for (const OracleCase& oracle : cases) {
    expect_pooled(oracle.json.at("pooled"), metrics::pooled_scores(confusion_of(oracle.json.at("confusion"))),
                  oracle.file.filename());
  }
}

TEST(PooledScores, FromClassCountsAloneLackOnlyWhatNeedsTheConfusionMatrix) {
  const core::Confusion confusion = confusion_of(Json::parse("[[5, 1, 2], [0, 7, 1], [3, 0, 0]]"));
  const metrics::PooledScores full = metrics::pooled_scores(confusion);
  const metrics::PooledScores part = metrics::pooled_scores(confusion.class_counts());
  EXPECT_EQ(part.mcc, full.mcc);
  EXPECT_EQ(part.iou, full.iou);
  EXPECT_TRUE(full.miou_background_pixels_ignored);
  EXPECT_FALSE(part.miou_background_pixels_ignored);
}

TEST(Score, KnowsEveryNamedMetric) {
  const std::vector<core::ClassCounts> counts = {{6, 2, 1}, {3, 1, 2}, {0, 0, 0}};
  const metrics::PooledScores scores = metrics::pooled_scores(counts);
  for (const core::Measure& metric : core::kPooledScores) {
    EXPECT_TRUE(metrics::score(metric.key, counts, 0.5)) << metric.key;
  }
  EXPECT_EQ(metrics::score("miou", counts), scores.miou_union_present);
  EXPECT_EQ(metrics::score("miou_no_background", counts), 0.5);
  EXPECT_EQ(metrics::score("mean_dice", counts), scores.mean_dice_union_present);
  EXPECT_EQ(metrics::score("loss", counts, 0.25), 0.25);
  EXPECT_EQ(metrics::score("loss", counts), std::nullopt);
}

TEST(PooledScores, LeaveOutTheBackgroundThatTheDataHave) {
  const core::Confusion confusion = confusion_of(Json::parse("[[5, 1, 2], [0, 7, 1], [3, 0, 4]]"));
  const metrics::PooledScores all = metrics::pooled_scores(confusion);
  const metrics::PooledScores last = metrics::pooled_scores(confusion, 2);
  EXPECT_DOUBLE_EQ(*last.miou_no_background, (*all.iou[0] + *all.iou[1]) / 2);
  EXPECT_DOUBLE_EQ(*last.mean_dice_no_background, (*all.dice[0] + *all.dice[1]) / 2);
  EXPECT_DOUBLE_EQ(*last.miou_background_pixels_ignored, (5.0 / 8 + 7.0 / 9) / 2);
  const metrics::PooledScores none = metrics::pooled_scores(confusion, std::nullopt);
  EXPECT_EQ(none.miou_no_background, std::nullopt);
  EXPECT_EQ(none.mean_dice_no_background, std::nullopt);
  EXPECT_EQ(none.miou_background_pixels_ignored, std::nullopt);
  EXPECT_EQ(none.miou_union_present, all.miou_union_present);
}

TEST(Score, RefusesAnUnknownKey) {
  const std::vector<core::ClassCounts> counts = {{1, 0, 0}};
  EXPECT_THROW(metrics::score("mIoU_no_bg", counts), core::UserError);
}

}  // namespace
}  // namespace segbench::tests
