// SPDX-License-Identifier: MIT
#include "results/conclusions/by_image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "tests/conclusions/made_up_study.h"

namespace segbench::conclusions {
namespace {

/// An image of two classes of 100 pixels, of each of which `right` are right.
store::ImageRecord image_of(std::int64_t index, std::int64_t right) {
  store::ImageRecord image;
  image.index = index, image.id = "image" + std::to_string(index), image.valid_pixels = 200;
  image.counts = {{right, 100 - right, 100 - right}, {right, 100 - right, 100 - right}};
  return image;
}

/// Two variants of three seeds; `images` says how many pixels each gets right of each image.
StudyInputs study_with(const std::map<std::string, std::vector<std::int64_t>>& images) {
  std::vector<TrialInputs> trials;
  for (const auto& [variant, right] : images) {
    double sum = 0;
    for (const std::int64_t pixels : right) sum += static_cast<double>(pixels) / 100;
    for (const std::uint64_t seed : {1, 2, 3})
      trials.push_back(trial_of(variant, seed,
                                sum / static_cast<double>(right.size()) + 0.001 * static_cast<double>(seed)));
  }
  StudyInputs inputs = study_of(trials);
  inputs.images = [images](const std::string& trial, const std::string& split) {
    std::vector<store::ImageRecord> records;
    if (split != "test") return records;
    const std::vector<std::int64_t>& right = images.at(trial.substr(0, trial.find('-')));
    for (std::size_t i = 0; i < right.size(); ++i)
      records.push_back(image_of(static_cast<std::int64_t>(i), right[i]));
    return records;
  };
  return inputs;
}

Conclusions conclusions_from(const StudyInputs& inputs) {
  return conclude(inputs, {.metric = "pixel_accuracy", .split = "test", .allowed = {}});
}

TEST(ByImage, ComparesTheLeaderWithTheRunnerUpOnEveryImage) {
  const StudyInputs inputs = study_with({{"good", {90, 50, 70, 60}}, {"poor", {50, 60, 70, 20}}});
  const std::vector<ImageComparison> all = compare_images(inputs, conclusions_from(inputs));
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].candidate, "good");
  EXPECT_EQ(all[0].better, 2u);
  EXPECT_EQ(all[0].worse, 1u);
  EXPECT_EQ(all[0].trials.size(), 6u) << "three seeds of both";
  std::vector<std::int64_t> order;
  for (const ImageDifference& line : all[0].lines) order.push_back(line.index);
  EXPECT_THAT(order, testing::ElementsAre(0, 3, 2, 1))
      << "most in favour of the leader first; equal ones keep their order";
  EXPECT_NEAR(all[0].lines[0].difference, 0.4, 1e-12);
  EXPECT_NEAR(all[0].lines[3].difference, -0.1, 1e-12);
  EXPECT_NEAR(all[0].lines[0].candidate, 0.9, 1e-12);
}

/// "c" has a published number, which "b" may explain.
StudyInputs study_with_published() {
  StudyInputs inputs = study_with({{"a", {90, 80}}, {"b", {60, 70}}, {"c", {50, 30}}});
  inputs.study.study["published"] = {{{"variant_id", "c"},
                                      {"variant_label", "c"},
                                      {"metric", "pixel_accuracy"},
                                      {"source", "their report"},
                                      {"value", 0.65},
                                      {"explained_by", {{{"variant_id", "b"}, {"variant_label", "b"}}}}}};
  return inputs;
}

TEST(ByImage, ComparesAPublishedVariantWithThoseThatMayExplainIt) {
  const StudyInputs inputs = study_with_published();
  const std::vector<ImageComparison> all = compare_images(inputs, conclusions_from(inputs));
  ASSERT_EQ(all.size(), 2u) << "leader and runner-up, then c and b";
  EXPECT_EQ(all[1].candidate, "c");
  EXPECT_EQ(all[1].reference, "b");
  EXPECT_EQ(all[1].trials.size(), 6u);
  ASSERT_EQ(all[1].lines.size(), 2u);
  EXPECT_NEAR(all[1].lines[0].difference, -0.1, 1e-12);
  EXPECT_NEAR(all[1].lines[1].difference, -0.4, 1e-12);
}

TEST(ByImage, ComparesNoPublishedVariantAcrossData) {
  StudyInputs inputs = study_with_published();
  for (TrialInputs& trial : inputs.trials) {
    if (trial.record.variant_id == "b") trial.record.data_fingerprint = "other data";
  }
  for (const ImageComparison& pair : compare_images(inputs, conclusions_from(inputs)))
    EXPECT_FALSE(pair.candidate == "c" && pair.reference == "b");
}

TEST(ByImage, LeavesOutImagesThatOneVariantHasNoScoreOf) {
  StudyInputs inputs = study_with({{"good", {90, 50}}, {"poor", {50, 40}}});
  const auto all_images = inputs.images;
  inputs.images = [all_images](const std::string& trial, const std::string& split) {
    std::vector<store::ImageRecord> records = all_images(trial, split);
    if (trial == "poor-2") records.pop_back();
    return records;
  };
  const std::vector<ImageComparison> all = compare_images(inputs, conclusions_from(inputs));
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].lines.size(), 1u);
  EXPECT_EQ(all[0].undefined, 1u);
}

TEST(ByImage, SaysNothingWithoutImages) {
  StudyInputs inputs = study_with({{"good", {90}}, {"poor", {50}}});
  inputs.images = nullptr;
  EXPECT_THAT(compare_images(inputs, conclusions_from(inputs)), testing::IsEmpty());
  EXPECT_THAT(hard_images(inputs, conclusions_from(inputs)).lines, testing::IsEmpty());
}

TEST(ByImage, FindsTheImagesThatEveryVariantFails) {
  const StudyInputs inputs =
      study_with({{"a", {90, 10, 30, 5}}, {"b", {20, 15, 40, 95}}, {"c", {50, 12, 20, 40}}});
  const HardImages hard = hard_images(inputs, conclusions_from(inputs));
  EXPECT_EQ(hard.images, 4u);
  EXPECT_EQ(hard.trials.size(), 3u) << "one of each variant";
  ASSERT_EQ(hard.lines.size(), 3u) << "a quarter of them, but three at least";
  EXPECT_EQ(hard.lines[0].index, 1) << "the best of all scores 0.15";
  EXPECT_NEAR(hard.lines[0].best, 0.15, 1e-12);
  EXPECT_EQ(hard.lines[0].best_variant, "b");
  EXPECT_NEAR(hard.lines[0].mean, (0.10 + 0.15 + 0.12) / 3, 1e-12);
  EXPECT_EQ(hard.lines[1].index, 2);
  EXPECT_EQ(hard.lines[2].index, 0) << "b can do the last one, although the others cannot";
}

TEST(ByImage, ScoresByCountsWhereTheMetricIsNone) {
  Conclusions model;
  model.metric = "loss";
  EXPECT_EQ(image_metric(model), "miou_no_background");
  model.background = std::nullopt;
  EXPECT_EQ(image_metric(model), "miou");
  model.metric = "pixel_accuracy";
  EXPECT_EQ(image_metric(model), "pixel_accuracy");
}

}  // namespace
}  // namespace segbench::conclusions
