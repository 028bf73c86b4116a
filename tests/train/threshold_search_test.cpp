// SPDX-License-Identifier: MIT
#include "harness/train/threshold_search.h"

#include <gtest/gtest.h>

#include "tests/support/npy.h"
#include "tests/support/oracles.h"

namespace segbench::train {
namespace {

using torch::Tensor;

TEST(ThresholdSearch, EqualsTheOracles) {
  SEGBENCH_NEEDS_ORACLES();
  const std::vector<tests::OracleCase> cases = tests::oracle_cases("threshold_sweep");
  ASSERT_FALSE(cases.empty());
  const std::vector<std::pair<std::string, std::string>> metrics = {
      {"carvana_dice", "mean_image_dice_empty1"},
      {"tgs_precision", "tgs_strict"},
      {"miou_no_background", "pooled_iou"}};
  for (const tests::OracleCase& oracle : cases) {
    const auto shape = oracle.json.at("shape").get<std::vector<std::int64_t>>();
    const tests::Npy stored = tests::read_npy(oracle.beside(oracle.json.at("probs")));
    std::vector<std::uint8_t> labels = tests::read_npy(oracle.beside(oracle.json.at("gt"))).bytes();
    std::vector<float> values(stored.values.begin(), stored.values.end());
    const Tensor p = torch::from_blob(values.data(), {shape[0], 1, shape[1], shape[2]}, torch::kFloat);
    const Tensor truth = torch::from_blob(labels.data(), {shape[0], shape[1], shape[2]}, torch::kByte);
    std::vector<double> thresholds;
    for (const core::Json& row : oracle.json.at("rows")) thresholds.push_back(row.at("threshold"));
    ThresholdSearch search(thresholds);
    search.add(Prediction::of_probabilities(torch::cat({1 - p, p}, 1), 1), truth);
    for (const auto& [metric, key] : metrics) {
      const ThresholdCurve curve = search.curve(metric, core::kFirstClass);
      ASSERT_EQ(curve.points.size(), oracle.json.at("rows").size());
      for (std::size_t i = 0; i < curve.points.size(); ++i) {
        EXPECT_NEAR(curve.points[i].score.value(), oracle.json.at("rows")[i].at(key).get<double>(), 1e-12)
            << oracle.file << " " << metric << " at " << thresholds[i];
      }
      EXPECT_EQ(curve.best()->threshold, oracle.json.at("best_threshold").at(key).get<double>()) << metric;
    }
  }
}

TEST(ThresholdSearch, TakesTheFirstOfEqualsAndNothingWithoutAScore) {
  ThresholdSearch search({0.2, 0.3, 0.9});
  const Tensor p = torch::full({1, 1, 1, 2}, 0.5F);
  search.add(Prediction::of_probabilities(torch::cat({1 - p, p}, 1), 2),
             torch::ones({1, 1, 2}, torch::kByte));
  EXPECT_EQ(search.curve("miou_no_background", core::kFirstClass).best()->threshold, 0.2);
  EXPECT_FALSE(search.curve("miou_no_background", std::nullopt).best());
}

}  // namespace
}  // namespace segbench::train
