// SPDX-License-Identifier: MIT
#include "harness/metrics/published_voc_course.h"

#include <gtest/gtest.h>

#include "tests/metrics/numbers.h"

namespace segbench::tests {
namespace {

using metrics::PublishedVocCourse;

TEST(PublishedVocCourse, EqualsTheOracles) {
  SEGBENCH_NEEDS_ORACLES();
  const std::vector<OracleCase> cases = oracle_cases("soft_metrics");
  ASSERT_FALSE(cases.empty());
  for (const OracleCase& oracle : cases) {
    const Npy stored = read_npy(oracle.beside(oracle.json.at("probs")));
    const std::vector<float> probabilities(stored.values.begin(), stored.values.end());
    const std::vector<std::uint8_t> labels = read_npy(oracle.beside(oracle.json.at("labels"))).bytes();
    const std::size_t classes = oracle.json.at("num_classes"), images = oracle.json.at("shape").at(0);
    const std::size_t pixels = labels.size() / images;
    PublishedVocCourse all(static_cast<int>(classes)), first = all;
    for (std::size_t i = 0; i < images; ++i) {
      (i == 0 ? first : all)
          .add_image(std::span(probabilities).subspan(i * pixels * classes, pixels * classes),
                     std::span(labels).subspan(i * pixels, pixels));
    }
    all.add(first);
    const std::string where = oracle.file.filename();
    const core::Json& wanted = oracle.json.at("soft_miou_per_image_smooth1e-3");
    expect_number(wanted.at("drop_background"), all.soft_iou(true), where + " without background", 1e-9);
    expect_number(wanted.at("with_background"), all.soft_iou(false), where + " with background", 1e-9);
    expect_number(oracle.json.at("keras_meaniou_fed_with_onehot_and_probs"), all.misfed_mean_iou(),
                  where + " misfed");
  }
}

TEST(PublishedVocCourse, SaysTheSameOfAnyUnsureNetwork) {
  const std::vector<std::uint8_t> labels = {0, 1, 2, core::kVoidLabel};
  const std::vector<float> right = {0.9F, 0.1F, 0, 0, 0.9F, 0.1F, 0.1F, 0, 0.9F, 0, 0, 1};
  const std::vector<float> wrong = {0.1F, 0.9F, 0, 0, 0.1F, 0.9F, 0.9F, 0, 0.1F, 1, 0, 0};
  PublishedVocCourse good(3), bad(3);
  good.add_image(right, labels);
  bad.add_image(wrong, labels);
  EXPECT_DOUBLE_EQ(*good.misfed_mean_iou(), (6.0 / 9) / 2);
  EXPECT_EQ(good.misfed_mean_iou(), bad.misfed_mean_iou());
  EXPECT_GT(*good.soft_iou(true), *bad.soft_iou(true));
}

TEST(PublishedVocCourse, IsUndefinedWithoutPixels) {
  PublishedVocCourse nothing(3);
  nothing.add_image({}, {});
  EXPECT_EQ(nothing.soft_iou(true), std::nullopt);
  EXPECT_EQ(nothing.misfed_mean_iou(), std::nullopt);
}

}  // namespace
}  // namespace segbench::tests
