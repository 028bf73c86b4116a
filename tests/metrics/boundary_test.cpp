// SPDX-License-Identifier: MIT
#include "harness/metrics/boundary.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/metrics/numbers.h"

namespace segbench::tests {
namespace {

using metrics::Mask;

struct MaskPair {
  Mask truth, prediction;
};

/// Everything but the background of the valid pixels, as the oracles take it.
Mask foreground(std::span<const std::uint8_t> labels, std::span<const std::uint8_t> truth,
                std::int64_t height, std::int64_t width) {
  Mask mask = metrics::class_mask(labels, truth, height, width, 0);
  for (std::size_t i = 0; i < labels.size(); ++i)
    mask.set[i] = mask.set[i] == 0 && truth[i] != core::kVoidLabel ? 1 : 0;
  return mask;
}

std::vector<MaskPair> masks_of(const OracleCase& oracle) {
  std::vector<std::uint8_t> truth = read_npy(oracle.beside(oracle.json.at("gt"))).bytes();
  const std::vector<std::uint8_t> prediction = read_npy(oracle.beside(oracle.json.at("pred"))).bytes();
  std::vector<MaskPair> pairs;
  std::size_t begin = 0;
  for (const core::Json& shape : oracle.json.at("shapes")) {
    const std::int64_t height = shape.at(0), width = shape.at(1);
    const auto pixels = static_cast<std::size_t>(height * width);
    const auto labels = std::span(truth).subspan(begin, pixels);
    pairs.push_back({foreground(labels, labels, height, width),
                     foreground(std::span(prediction).subspan(begin, pixels), labels, height, width)});
    begin += pixels;
  }
  return pairs;
}

std::int64_t count(const Mask& mask) {
  std::int64_t sum = 0;
  for (const std::uint8_t value : mask.set) sum += value;
  return sum;
}

TEST(SurfaceDistances, EqualTheOracles) {
  SEGBENCH_NEEDS_ORACLES();
  int compared = 0;
  for (const OracleCase& oracle : oracle_cases("label_maps")) {
    if (!oracle.json.contains("surface")) continue;
    const std::vector<MaskPair> masks = masks_of(oracle);
    const core::Json& wanted = oracle.json.at("surface").at("per_image");
    ASSERT_EQ(wanted.size(), masks.size());
    for (std::size_t i = 0; i < masks.size(); ++i) {
      const std::string where = oracle.file.filename().string() + " image " + std::to_string(i);
      const auto found = metrics::surface_distances(masks[i].truth, masks[i].prediction);
      ASSERT_EQ(found.has_value(), wanted[i].at("status") == "ok") << where;
      if (!found) continue;
      EXPECT_EQ(wanted[i].at("n_surface_gt"), found->from_truth.size()) << where;
      EXPECT_EQ(wanted[i].at("n_surface_pred"), found->from_prediction.size()) << where;
      expect_number(wanted[i].at("hd"), found->hausdorff(), where + " hd");
      expect_number(wanted[i].at("hd95_pooled"), found->hausdorff_95(), where + " hd95");
      expect_number(wanted[i].at("hd95_max_directed"), found->hausdorff_95_directed(), where + " directed");
      expect_number(wanted[i].at("assd"), found->average(), where + " assd");
      ++compared;
    }
  }
  EXPECT_GT(compared, 20);
}

TEST(BoundaryF, EqualsTheOracles) {
  SEGBENCH_NEEDS_ORACLES();
  int compared = 0;
  for (const OracleCase& oracle : oracle_cases("label_maps")) {
    if (!oracle.json.contains("boundary_f")) continue;
    const std::vector<MaskPair> masks = masks_of(oracle);
    for (std::size_t i = 0; i < masks.size(); ++i) {
      for (const core::Json& wanted : oracle.json.at("boundary_f").at(i)) {
        const std::string where = oracle.file.filename().string() + " image " + std::to_string(i);
        const auto found = metrics::boundary_f(masks[i].truth, masks[i].prediction, wanted.at("radius"));
        EXPECT_EQ(wanted.at("n_boundary_gt"), count(metrics::boundary_map(masks[i].truth))) << where;
        expect_number(wanted.at("precision"), found.precision, where + " precision");
        expect_number(wanted.at("recall"), found.recall, where + " recall");
        expect_number(wanted.at("f"), found.f, where + " f");
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 60);
}

TEST(BoundaryIou, EqualsTheOracles) {
  SEGBENCH_NEEDS_ORACLES();
  int compared = 0;
  for (const OracleCase& oracle : oracle_cases("label_maps")) {
    if (!oracle.json.contains("boundary_iou")) continue;
    const std::vector<MaskPair> masks = masks_of(oracle);
    for (std::size_t i = 0; i < masks.size(); ++i) {
      for (const core::Json& wanted : oracle.json.at("boundary_iou").at(i)) {
        const std::string where = oracle.file.filename().string() + " image " + std::to_string(i);
        const auto& [truth, prediction] = masks[i];
        const std::int64_t depth = metrics::band_depth(truth.height, truth.width, wanted.at("ratio"));
        EXPECT_EQ(wanted.at("d"), depth) << where;
        EXPECT_EQ(wanted.at("n_band_gt"), count(metrics::band_of(truth, depth))) << where;
        expect_number(wanted.at("boundary_iou"), metrics::boundary_iou(truth, prediction, depth), where);
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 40);
}

TEST(SquaredDistances, AreThoseOfTheNearestPixel) {
  std::mt19937 random(3);
  for (int round = 0; round < 20; ++round) {
    Mask mask{9, 13, std::vector<std::uint8_t>(9 * 13)};
    for (std::uint8_t& value : mask.set) value = random() % 11 == 0 ? 1 : 0;
    mask.set[random() % mask.set.size()] = 1;
    const std::vector<std::int64_t> found = metrics::squared_distances(mask);
    for (std::int64_t i = 0; i < 9 * 13; ++i) {
      std::int64_t nearest = 1000;
      for (std::int64_t j = 0; j < 9 * 13; ++j) {
        const std::int64_t y = i / 13 - j / 13, x = i % 13 - j % 13;
        if (mask.set[static_cast<std::size_t>(j)] != 0) nearest = std::min(nearest, y * y + x * x);
      }
      ASSERT_EQ(found[static_cast<std::size_t>(i)], nearest) << "round " << round << ", pixel " << i;
    }
  }
}

TEST(SurfaceDice, CountsWhatLiesWithinTheTolerance) {
  // Two squares of 3 x 3, one pixel apart: 8 surface pixels each, of which 5 lie on the other one's surface.
  Mask left{5, 6, std::vector<std::uint8_t>(30)}, right = left;
  for (std::size_t y = 1; y < 4; ++y) {
    for (std::size_t x = 1; x < 4; ++x) left.set[y * 6 + x] = right.set[y * 6 + x + 1] = 1;
  }
  const auto distances = metrics::surface_distances(left, right);
  ASSERT_TRUE(distances);
  EXPECT_DOUBLE_EQ(distances->dice(0), 8.0 / 16);
  EXPECT_DOUBLE_EQ(distances->dice(1), 1);
}

TEST(ClassMask, LeavesVoidOut) {
  const std::vector<std::uint8_t> truth = {1, core::kVoidLabel, 0, 1}, labels = {1, 1, 1, 0};
  EXPECT_EQ(metrics::class_mask(labels, truth, 2, 2, 1).set, (std::vector<std::uint8_t>{1, 0, 1, 0}));
}

}  // namespace
}  // namespace segbench::tests
