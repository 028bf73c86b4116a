// SPDX-License-Identifier: MIT
#include "harness/metrics/image_scores.h"

#include <gtest/gtest.h>

#include "tests/metrics/numbers.h"

namespace segbench::tests {
namespace {

using core::Json;

/// A mean with its worst cases against the keys PREFIX, PREFIX_q1, … that the oracle has; at least PREFIX.
void expect_worst_cases(const Json& wanted, const std::string& prefix, const metrics::WorstCases& found,
                        const std::string& where) {
  expect_number(wanted.at(prefix), found.mean, where + " " + prefix);
  const std::vector<std::pair<std::string, std::optional<double>>> keys = {
      {"q1", found.q1},   {"q5", found.q5},   {"q10", found.q10},
      {"q25", found.q25}, {"q50", found.q50}, {"qbar", found.qbar}};
  for (const auto& [suffix, value] : keys) {
    const std::string key = prefix + "_" + suffix;
    expect_number(wanted.value(key, Json()), value, where + " " + key);
  }
}

TEST(ImageScores, EqualTheOracles) {
  SEGBENCH_NEEDS_ORACLES();
  for (const OracleCase& oracle : oracle_cases("label_maps")) {
    const Json& wanted = oracle.json.at("per_image");
    const std::vector<metrics::ImageCounts> images = image_counts(oracle);
    ASSERT_EQ(wanted.at("valid_pixels").size(), images.size());
    for (std::size_t i = 0; i < images.size(); ++i) {
      const metrics::ImageScores found = metrics::image_scores(images[i]);
      const std::string where = oracle.file.filename().string() + " image " + std::to_string(i);
      EXPECT_EQ(wanted.at("valid_pixels")[i], found.valid_pixels) << where;
      expect_numbers(wanted.at("iou")[i], found.iou, where + " iou");
      expect_numbers(wanted.at("dice")[i], found.dice, where + " dice");
      EXPECT_EQ(wanted.at("gt_has_class")[i].get<std::vector<bool>>(), found.gt_has_class) << where;
    }
    expect_numbers(oracle.json.at("image_mean_dice_per_class_empty1"),
                   metrics::image_mean_dice_per_class_empty1(images), oracle.file.filename());
  }
}

TEST(ForegroundScores, EqualTheOracles) {
  SEGBENCH_NEEDS_ORACLES();
  for (const OracleCase& oracle : oracle_cases("label_maps")) {
    const Json& wanted = oracle.json.at("foreground");
    const metrics::ForegroundScores found = metrics::foreground_scores(image_counts(oracle));
    const std::string where = oracle.file.filename();
    ASSERT_EQ(wanted.at("per_image").size(), found.per_image.size()) << where;
    std::vector<std::optional<double>> dices, ious;
    for (std::size_t i = 0; i < found.per_image.size(); ++i) {
      const metrics::ForegroundImage& image = found.per_image[i];
      EXPECT_EQ(wanted.at("per_image")[i], (Json{{"intersection", image.intersection},
                                                 {"union", image.union_area},
                                                 {"gt_area", image.gt_area},
                                                 {"pred_area", image.pred_area},
                                                 {"valid_pixels", image.valid_pixels}}))
          << where << " image " << i;
      dices.push_back(image.dice_empty1);
      ious.push_back(image.iou_empty1);
    }
    expect_numbers(wanted.at("dice_empty1"), dices, where + " dice");
    expect_numbers(wanted.at("iou_empty1"), ious, where + " iou");
    expect_number(wanted.at("mean_image_dice_empty1"), found.mean_image_dice_empty1, where + " mean dice");
    expect_number(wanted.at("mean_image_iou_empty1"), found.mean_image_iou_empty1, where + " mean iou");
    expect_number(wanted.at("pooled_dice"), found.pooled_dice, where + " pooled dice");
  }
}

TEST(FineGrainedScores, EqualTheOracles) {
  SEGBENCH_NEEDS_ORACLES();
  int binary = 0;
  for (const OracleCase& oracle : oracle_cases("label_maps")) {
    const std::string where = oracle.file.filename();
    const std::vector<metrics::ImageCounts> images = image_counts(oracle);
    const Json& wanted = oracle.json.at("fine_grained_multiclass");
    const metrics::FineGrainedScores found = metrics::fine_grained_scores(images);
    EXPECT_EQ(wanted.at("num_images_used"), found.num_images_used) << where;
    expect_worst_cases(wanted, "miou_i", found.miou_i, where);
    if (found.num_images_used > 0) {
      expect_numbers(wanted.at("per_image_miou"), found.per_image_miou, where + " per_image_miou");
      expect_numbers(wanted.at("per_class_image_mean_iou"), found.per_class_image_mean_iou,
                     where + " per class");
      expect_worst_cases(wanted, "miou_c", found.miou_c, where);
    }
    if (!oracle.json.contains("fine_grained_binary")) continue;
    ++binary;
    const Json& wanted_binary = oracle.json.at("fine_grained_binary");
    const metrics::FineGrainedBinaryScores found_binary = metrics::fine_grained_binary_scores(images);
    EXPECT_EQ(wanted_binary.at("num_images_used"), found_binary.num_images_used) << where;
    expect_worst_cases(wanted_binary, "miou_i", found_binary.miou_i, where + " binary");
    if (found_binary.num_images_used == 0) continue;
    expect_numbers(wanted_binary.at("per_image_iou_empty1"), found_binary.per_image_iou_empty1,
                   where + " binary");
    expect_number(wanted_binary.at("mdice_i"), found_binary.mdice_i, where + " mdice_i");
  }
  EXPECT_GT(binary, 0);
}

TEST(TgsScores, EqualTheOracles) {
  SEGBENCH_NEEDS_ORACLES();
  for (const OracleCase& oracle : oracle_cases("label_maps")) {
    const Json& wanted = oracle.json.at("tgs");
    const metrics::TgsScores found = metrics::tgs_scores(image_counts(oracle));
    const std::string where = oracle.file.filename();
    expect_numbers(wanted.at("per_image_strict"), found.per_image_strict, where + " strict");
    expect_numbers(wanted.at("per_image_nonstrict"), found.per_image_nonstrict, where + " nonstrict");
    expect_number(wanted.at("score_strict"), found.score_strict, where + " strict");
    expect_number(wanted.at("score_nonstrict"), found.score_nonstrict, where + " nonstrict");
  }
}

TEST(TgsScores, DecidesAnExactTieInIntegers) {
  const std::vector<metrics::ImageCounts> images = {
      {{90, 4, 0}, {6, 0, 4}}};  // IoU = 6/10, exactly a threshold
  EXPECT_EQ(metrics::tgs_scores(images).score_strict, 0.2);
  EXPECT_EQ(metrics::tgs_scores(images).score_nonstrict, 0.3);
}

TEST(ImageScores, OfNoImagesAreUndefined) {
  EXPECT_TRUE(metrics::image_mean_dice_per_class_empty1({}).empty());
  EXPECT_FALSE(metrics::foreground_scores({}).mean_image_dice_empty1);
  EXPECT_FALSE(metrics::fine_grained_scores({}).miou_i.mean);
  EXPECT_FALSE(metrics::tgs_scores({}).score_strict);
}

}  // namespace
}  // namespace segbench::tests
