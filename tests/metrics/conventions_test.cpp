// SPDX-License-Identifier: MIT
#include "harness/metrics/conventions.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/measures.h"
#include "harness/metrics/class_weights.h"
#include "tests/metrics/numbers.h"

namespace segbench::tests {
namespace {

using core::Json;

const metrics::Convention& convention(std::string_view name) {
  for (const metrics::Convention& candidate : metrics::conventions()) {
    if (candidate.name == name) return candidate;
  }
  throw core::InternalError("no such convention");
}

TEST(Conventions, EqualTheOraclesWhereTheyHaveThem) {
  SEGBENCH_NEEDS_ORACLES();
  const std::vector<std::pair<std::string, Json::json_pointer>> keys = {
      {"miou_no_background", Json::json_pointer("/pooled/miou_no_background")},
      {"miou_union_present", Json::json_pointer("/pooled/miou_union_present")},
      {"miou_gt_present", Json::json_pointer("/pooled/miou_gt_present")},
      {"miou_absent_as_zero", Json::json_pointer("/pooled/miou_absent_as_zero")},
      {"miou_absent_as_one", Json::json_pointer("/pooled/miou_absent_as_one")},
      {"miou_background_pixels_ignored", Json::json_pointer("/pooled/miou_background_pixels_ignored")},
      {"fwiou", Json::json_pointer("/pooled/fwiou")},
      {"pixel_accuracy", Json::json_pointer("/pooled/pixel_accuracy")},
      {"miou_per_image", Json::json_pointer("/fine_grained_multiclass/miou_i")},
      {"carvana_dice", Json::json_pointer("/foreground/mean_image_dice_empty1")},
      {"tgs_precision", Json::json_pointer("/tgs/score_strict")},
      {"dice_nnunet_pseudo", Json::json_pointer("/pooled/mean_dice_no_background")},
      {"cohen_kappa", Json::json_pointer("/pooled/cohen_kappa")},
      {"mcc", Json::json_pointer("/pooled/mcc")}};
  for (const OracleCase& oracle : oracle_cases("label_maps")) {
    core::Confusion pooled(oracle.json.at("num_classes").get<int>());
    for (const core::Confusion& image : image_confusions(oracle)) pooled += image;
    const std::vector<core::ClassCounts> counts = pooled.class_counts();
    const std::vector<metrics::ImageCounts> images = image_counts(oracle);
    for (const auto& [name, key] : keys) {
      expect_number(oracle.json.at(key), convention(name).score({counts, images, &pooled}),
                    oracle.file.filename().string() + " " + name);
    }
  }
}

TEST(Conventions, AgreeWithPencilAndPaper) {
  // Image 1 has classes 0 and 1, image 2 only class 0, class 2 occurs nowhere.
  const std::vector<metrics::ImageCounts> images = {{{6, 0, 2}, {2, 2, 0}, {0, 0, 0}},
                                                    {{10, 0, 0}, {0, 0, 0}, {0, 0, 0}}};
  const std::vector<core::ClassCounts> pooled = {{16, 0, 2}, {2, 2, 0}, {0, 0, 0}};
  const metrics::EvaluationCounts counts{pooled, images, nullptr};
  EXPECT_DOUBLE_EQ(*convention("iou_micro").score(counts), 18.0 / 22.0);
  EXPECT_DOUBLE_EQ(*convention("miou_macro_imagewise").score(counts), ((0.75 + 0.5 + 1) / 3 + 1) / 2);
  EXPECT_DOUBLE_EQ(*convention("dice_per_image_gt_present").score(counts), 4.0 / 6.0);
  EXPECT_DOUBLE_EQ(*convention("miou_per_class_image").score(counts), ((0.75 + 1) / 2 + 0.5) / 2);
  EXPECT_DOUBLE_EQ(*convention("iou_micro_imagewise").score(counts), (8.0 / 12 + 1) / 2);
  EXPECT_DOUBLE_EQ(*convention("dice_nnunet").score(counts), 4.0 / 6.0);
  EXPECT_FALSE(convention("miou_torchvision").score(counts)) << "class 2 never occurs";
  const std::vector<core::ClassCounts> two = {{16, 0, 2}, {2, 2, 0}};
  EXPECT_DOUBLE_EQ(*convention("miou_torchvision").score({two, {}, nullptr}), (16.0 / 18 + 2.0 / 4) / 2);
  const std::map<std::string, std::optional<double>> measures = {{"published_voc_course_iou", 0.25}};
  EXPECT_EQ(convention("published_voc_course_iou").score({pooled, images, nullptr, 0, &measures}), 0.25);
  EXPECT_FALSE(convention("miou_background_pixels_ignored").score(counts)) << "needs the confusion matrix";
}

TEST(Conventions, HaveDistinctNamesAndSourcesAndArePutDown) {
  const std::string page =
      core::read_file(std::filesystem::path(SEGBENCH_SOURCE_DIR) / "docs" / "metrics.md");
  for (const std::string& name : metrics::weight_convention_names()) {
    EXPECT_NE(page.find("| `" + name + "` |"), std::string::npos) << name << " is not in docs/metrics.md";
  }
  for (const core::Measure& metric : core::kPooledScores) {
    EXPECT_NE(page.find("| `" + std::string(metric.key) + "` |"), std::string::npos) << metric.key;
  }
  std::set<std::string_view> names;
  for (const metrics::Convention& convention : metrics::conventions()) {
    EXPECT_TRUE(names.insert(convention.name).second) << convention.name;
    EXPECT_FALSE(convention.source.empty()) << convention.name;
    EXPECT_NE(page.find("| `" + std::string(convention.name) + "` | " + std::string(convention.meaning)),
              std::string::npos)
        << convention.name << " is not in docs/metrics.md";
    EXPECT_FALSE(convention.score({{}, {}, nullptr})) << convention.name << " of nothing is undefined";
  }
}

}  // namespace
}  // namespace segbench::tests
