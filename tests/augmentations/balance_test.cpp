// SPDX-License-Identifier: MIT
#include "harness/augmentations/effects/balance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "harness/core/counts.h"
#include "tests/augmentations/picture.h"

namespace segbench::augmentations {
namespace {

using core::Json;
using testing::DoubleEq;
using testing::ElementsAre;

TEST(DistanceToBalance, IsTheShareThatWouldHaveToMove) {
  const std::array<double, 3> all = {1, 2, 1}, two = {0.5, 0, 0.1};
  EXPECT_DOUBLE_EQ(distance_to_balance(std::array<double, 3>{2, 2, 2}, all), 0);
  EXPECT_DOUBLE_EQ(distance_to_balance(std::array<double, 3>{1, 0, 0}, all), 2.0 / 3);
  EXPECT_DOUBLE_EQ(distance_to_balance(std::array<double, 3>{3, 0, 1}, two), 0.25);
  EXPECT_DOUBLE_EQ(distance_to_balance(std::array<double, 3>{0, 0, 0}, all), 0);
}

TEST(ClassShares, LeaveVoidOut) {
  EXPECT_THAT(class_shares(std::vector<std::int64_t>{3, 1, 100}),
              ElementsAre(DoubleEq(0.75), DoubleEq(0.25)));
  EXPECT_THAT(class_shares(std::vector<std::int64_t>{0, 0, 7}), ElementsAre(0, 0));
}

constexpr Extent kSide{64, 64};

/// Class 0, with class 1 in the upper left corner of 16 x 16 pixels, and void below.
std::vector<std::uint8_t> corner_labels() {
  std::vector<std::uint8_t> labels(64 * 64);
  for (std::size_t i = 0; i < labels.size(); ++i)
    labels[i] = i / 64 >= 60 ? core::kVoidLabel : std::uint8_t{i / 64 < 16 && i % 64 < 16};
  return labels;
}

TEST(ChooseView, TakesWhatTheTrainingSplitLacks) {
  const Affine middle{.xx = 0.5, .yy = 0.5}, corner{.xx = 0.5, .x0 = -16, .yy = 0.5, .y0 = -16};
  for (const auto& views : {std::vector{middle, corner}, std::vector{corner, middle}}) {
    Drawn drawn{.views = views};
    choose_view(drawn, kSide, corner_labels(), std::array<double, 2>{0.9, 0.1});
    EXPECT_EQ(drawn.geometry, corner) << "class 1 is rare";
    EXPECT_TRUE(drawn.views.empty());
    drawn.views = views;
    choose_view(drawn, kSide, corner_labels(), std::array<double, 2>{0.05, 0.95});
    EXPECT_EQ(drawn.geometry, middle) << "class 0 is rare";
    drawn.views = views;
    choose_view(drawn, kSide, corner_labels(), std::array<double, 2>{1, 0});
    EXPECT_EQ(drawn.geometry, middle) << "class 1 does not occur";
  }
}

TEST(ChooseView, LeavesASettledGeometryAlone) {
  Drawn drawn{.geometry = kMirrored};
  choose_view(drawn, kSide, corner_labels(), std::array<double, 2>{0.5, 0.5});
  EXPECT_EQ(drawn.geometry, kMirrored);
}

/// Mean share of class 1 in what a list of augmentations shows of the corner.
double shown(const std::vector<core::PartChoice>& parts) {
  const Augmentations augmentations = make_augmentations(parts);
  tests::Picture picture(64, 64, 1);
  picture.labels = corner_labels();
  double sum = 0;
  for (int i = 0; i < 100; ++i) {
    Drawn drawn = draw(augmentations, kSide, 3, 1, i);
    choose_view(drawn, kSide, picture.labels, std::array<double, 2>{0.94, 0.06});
    std::array<std::int64_t, 3> pixels{};
    for (const std::uint8_t label : tests::changed(picture, drawn).labels)
      ++pixels.at(label == core::kVoidLabel ? 2 : label);
    sum += class_shares(pixels)[1] / 100;
  }
  return sum;
}

TEST(BalancedCrop, ShowsARareClassMore) {
  const Json twice = {{"probability", 1}, {"scale", {2, 2}}};
  const double chance = shown({{"scale_crop", twice}}), chosen = shown({{"balanced_crop", twice}});
  EXPECT_LT(chance, 0.12);
  EXPECT_GT(chosen, 1.5 * chance);
  // Turned afterwards, the view that is chosen is the one that is shown.
  const double turned = shown({{"balanced_crop", twice}, {"rotate90", {{"probability", 1}}}});
  EXPECT_NEAR(turned, chosen, 0.02);
}

TEST(Draw, ARepeatedSampleIsAugmentedAnew) {
  const Augmentations parts = make_augmentations({{"affine", {{"probability", 1}}}});
  const auto geometry = [&](std::uint32_t repeat) { return draw(parts, kSide, 1, 1, 5, repeat).geometry; };
  EXPECT_EQ(geometry(0), draw(parts, kSide, 1, 1, 5).geometry);
  EXPECT_NE(geometry(1), geometry(0));
  EXPECT_NE(geometry(2), geometry(1));
  EXPECT_EQ(geometry(2), geometry(2));
}

}  // namespace
}  // namespace segbench::augmentations
