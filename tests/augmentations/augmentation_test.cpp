// SPDX-License-Identifier: MIT
#include "harness/augmentations/augmentation.h"

#include <gtest/gtest.h>

#include "harness/core/error.h"

namespace segbench::augmentations {
namespace {

constexpr Extent kSquare{16, 16};

TEST(Draws, KeepTheProbability) {
  for (const double probability : {0.0, 0.25, 1.0}) {
    const Augmentations flip = make_augmentations({{"horizontal_flip", {{"probability", probability}}}});
    int flipped = 0;
    for (int index = 0; index < 4000; ++index)
      flipped += draw(flip, kSquare, 5, 1, index).geometry == kMirrored ? 1 : 0;
    EXPECT_NEAR(flipped / 4000.0, probability, 0.035);  // five standard deviations
  }
}

TEST(Draws, DependOnSeedEpochAndSampleOnly) {
  const Augmentations parts = make_augmentations({{"rotation", {}}, {"translation", {}}});
  const auto outcome = [&](std::uint64_t seed, std::uint32_t epoch) {
    std::vector<Affine> maps;
    for (int index = 0; index < 64; ++index)
      maps.push_back(draw(parts, kSquare, seed, epoch, index).geometry);
    return maps;
  };
  EXPECT_EQ(outcome(1, 1), outcome(1, 1));
  EXPECT_NE(outcome(1, 1), outcome(1, 2));
  EXPECT_NE(outcome(1, 1), outcome(2, 1));
}

TEST(Draws, APartDrawsTheSameWhateverStandsBesideIt) {
  const auto factors = [](const std::vector<core::PartChoice>& parts) {
    const Augmentations augmentations = make_augmentations(parts);
    std::vector<double> gains;
    for (int index = 0; index < 64; ++index) {
      for (const ValueEffect& effect : draw(augmentations, kSquare, 3, 2, index).values) {
        if (const auto* tone = std::get_if<Tone>(&effect); tone != nullptr && !tone->about_mean)
          gains.push_back(tone->gain);
      }
    }
    return gains;
  };
  const core::PartChoice brightness{"brightness", {}}, contrast{"contrast", {}}, noise{"gaussian_noise", {}},
      erasing{"erasing", {{"rectangles", 3}}}, rotation{"rotation", {}};
  const std::vector<double> alone = factors({brightness});
  EXPECT_GT(alone.size(), 10U);
  EXPECT_EQ(factors({rotation, erasing, brightness, noise}), alone);
  EXPECT_EQ(factors({contrast, brightness}), alone);
  EXPECT_TRUE(factors({contrast}).empty());
  EXPECT_GT(factors({brightness, brightness}).size(), alone.size()) << "the second has a stream of its own";
}

TEST(Draws, FlipsAreThoseOfEarlierVersions) {
  // Taken from the version in which flips were applied as they were drawn: a stored trial can be run again.
  const Augmentations flips = make_augmentations({{"horizontal_flip", {}}, {"vertical_flip", {}}});
  std::string drawn;
  for (int index = 0; index < 32; ++index) {
    const Affine map = draw(flips, kSquare, 7, 3, index).geometry;
    drawn += "0h2b"[(map.xx < 0 ? 1 : 0) + (map.yy < 0 ? 2 : 0)];
  }
  EXPECT_EQ(drawn, "0b2b0b0b020hbbh2bhhhb22bh02h20bh");
}

TEST(Draws, GeometryIsComposedAndTheRestKeepsItsOrder) {
  const Augmentations parts =
      make_augmentations({{"brightness", {{"probability", 1}}},
                          {"horizontal_flip", {{"probability", 1}}},
                          {"contrast", {{"probability", 1}}},
                          {"translation", {{"probability", 1}, {"shift", {0.25, 0.25}}}}});
  const Drawn drawn = draw(parts, {8, 16}, 1, 1, 1);
  EXPECT_EQ(drawn.geometry, compose(kMirrored, Affine{.x0 = -4, .y0 = -2}));
  ASSERT_EQ(drawn.values.size(), 2U);
  EXPECT_FALSE(std::get<Tone>(drawn.values[0]).about_mean);
  EXPECT_TRUE(std::get<Tone>(drawn.values[1]).about_mean);
}

TEST(Draws, UnknownNameIsTheUsersError) {
  EXPECT_THROW(make_augmentations({{"horizontal_flop", core::Json::object()}}), core::UserError);
}

}  // namespace
}  // namespace segbench::augmentations
