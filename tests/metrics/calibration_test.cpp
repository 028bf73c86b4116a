// SPDX-License-Identifier: MIT
#include "harness/metrics/calibration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/metrics/numbers.h"

namespace segbench::tests {
namespace {

using metrics::Calibration;

/// The valid pixels of a case.
struct ValidPixels {
  int classes = 0;
  std::vector<float> probabilities;  ///< [pixels, classes]
  std::vector<std::uint8_t> labels;

  std::span<const float> row(std::size_t i) const {
    const auto width = static_cast<std::size_t>(classes);
    return std::span(probabilities).subspan(i * width, width);
  }
};

ValidPixels pixels_of(const OracleCase& oracle) {
  const Npy stored = read_npy(oracle.beside(oracle.json.at("probs")));
  const std::vector<std::uint8_t> labels = read_npy(oracle.beside(oracle.json.at("labels"))).bytes();
  const core::Json& ignored = oracle.json.at("ignore_label");
  ValidPixels pixels{.classes = oracle.json.at("num_classes"), .probabilities = {}, .labels = {}};
  const auto width = static_cast<std::ptrdiff_t>(pixels.classes);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (!ignored.is_null() && labels[i] == ignored) continue;
    const auto row = stored.values.begin() + static_cast<std::ptrdiff_t>(i) * width;
    pixels.probabilities.insert(pixels.probabilities.end(), row, row + width);
    pixels.labels.push_back(labels[i]);
  }
  return pixels;
}

Calibration calibration_of(const OracleCase& oracle, metrics::BinEdges edges) {
  const ValidPixels pixels = pixels_of(oracle);
  Calibration calibration(oracle.json.at("num_bins"), edges);
  for (std::size_t i = 0; i < pixels.labels.size(); ++i) calibration.add(pixels.row(i), pixels.labels[i]);
  return calibration;
}

TEST(Calibration, EqualsTheOracles) {
  SEGBENCH_NEEDS_ORACLES();
  const std::vector<OracleCase> cases = oracle_cases("calibration");
  ASSERT_FALSE(cases.empty());
  for (const OracleCase& oracle : cases) {
    const std::string where = oracle.file.string();
    const Calibration calibration = calibration_of(oracle, metrics::BinEdges::kRightClosed);
    const Calibration left_closed = calibration_of(oracle, metrics::BinEdges::kLeftClosed);
    expect_number(oracle.json.at("ece_right_closed"), calibration.expected_error(), where + " ece", 1e-9);
    expect_number(oracle.json.at("mce_right_closed"), calibration.maximum_error(), where + " mce", 1e-9);
    expect_number(oracle.json.at("ece_left_closed"), left_closed.expected_error(), where + " left ece", 1e-9);
    expect_number(oracle.json.at("mce_left_closed"), left_closed.maximum_error(), where + " left mce", 1e-9);
    expect_number(oracle.json.at("brier_sum"), calibration.brier(), where + " brier", 1e-9);
    if (!oracle.json.at("edge_case"))
      expect_number(oracle.json.at("nll"), calibration.negative_log_likelihood(), where + " nll", 1e-9);
    const core::Json& bins = oracle.json.at("bins_right_closed");
    ASSERT_EQ(bins.size(), calibration.bins().size()) << where;
    for (std::size_t b = 0; b < bins.size(); ++b) {
      EXPECT_EQ(bins[b].at("count"), calibration.bins()[b].pixels) << where << " bin " << b;
    }
  }
}

TEST(ClasswiseCalibration, EqualsTheOracles) {
  SEGBENCH_NEEDS_ORACLES();
  int compared = 0;
  for (const OracleCase& oracle : oracle_cases("calibration")) {
    if (!oracle.json.contains("classwise_ece_left_closed")) continue;
    const ValidPixels pixels = pixels_of(oracle);
    metrics::ClasswiseCalibration first(pixels.classes, oracle.json.at("num_bins")), second = first;
    for (std::size_t i = 0; i < pixels.labels.size(); ++i)
      (i % 3 == 0 ? first : second).add(pixels.row(i), pixels.labels[i]);
    first.add(second);
    const core::Json& wanted = oracle.json.at("classwise_ece_per_class_left_closed");
    expect_numbers(wanted, first.class_errors(), oracle.file.string() + " by class", 1e-9);
    expect_number(oracle.json.at("classwise_ece_left_closed"), first.expected_error(), oracle.file.string(),
                  1e-9);
    ++compared;
  }
  EXPECT_GT(compared, 0);
  EXPECT_EQ(metrics::ClasswiseCalibration(3).expected_error(), std::nullopt);
}

TEST(Calibration, IsUndefinedWithoutPixels) {
  const Calibration nothing;
  EXPECT_EQ(nothing.expected_error(), std::nullopt);
  EXPECT_EQ(nothing.maximum_error(), std::nullopt);
  EXPECT_EQ(nothing.brier(), std::nullopt);
  EXPECT_EQ(nothing.negative_log_likelihood(), std::nullopt);
}

TEST(Calibration, EdgesBelongToTheBinThatIsAskedFor) {
  Calibration right(2), left(2, metrics::BinEdges::kLeftClosed);
  for (Calibration* one : {&right, &left}) {
    one->add(std::vector<float>{0.5F, 0.5F}, 0);
    one->add(std::vector<float>{1, 0}, 0);
  }
  EXPECT_EQ(right.bins()[0].pixels, 1);
  EXPECT_EQ(left.bins()[0].pixels, 0);
  EXPECT_EQ(left.bins()[1].pixels, 2) << "the last bin holds a confidence of 1";
}

TEST(Calibration, PartsAddUpToTheWhole) {
  const std::vector<std::vector<float>> pixels = {{0.9F, 0.1F}, {0.2F, 0.8F}, {0.55F, 0.45F}, {0, 1}};
  Calibration whole, first, second;
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    whole.add(pixels[i], i % 2);
    (i < 2 ? first : second).add(pixels[i], i % 2);
  }
  first.add(second);
  EXPECT_DOUBLE_EQ(*first.expected_error(), *whole.expected_error());
  EXPECT_DOUBLE_EQ(*first.brier(), *whole.brier());
  EXPECT_DOUBLE_EQ(*first.negative_log_likelihood(), *whole.negative_log_likelihood());
}

TEST(Calibration, WhatIsNotANumberIsCounted) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  Calibration calibration;
  calibration.add(std::vector<float>{nan, nan}, 1);
  EXPECT_EQ(calibration.bins()[0].pixels, 1);
  EXPECT_TRUE(std::isnan(*calibration.brier()));
}

TEST(Calibration, AProbabilityOfNoughtHasAFiniteLogarithm) {
  Calibration calibration;
  calibration.add(std::vector<float>{0, 1}, 0);
  EXPECT_NEAR(*calibration.negative_log_likelihood(), 103.28, 0.01);
}

}  // namespace
}  // namespace segbench::tests
