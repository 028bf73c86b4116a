// SPDX-License-Identifier: MIT
#include "harness/augmentations/effects/mix.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "harness/augmentations/effects/elastic.h"
#include "harness/core/counts.h"
#include "tests/augmentations/picture.h"

namespace segbench::augmentations {
namespace {

using tests::changed;
using tests::Picture;

TEST(PartnerOf, IsAnyOtherSample) {
  const std::vector<std::int64_t> samples = {2, 3, 5, 9};
  std::set<std::int64_t> partners;
  for (std::uint64_t draw = 0; draw < 12; ++draw) partners.insert(partner_of({.partner = draw}, 5, samples));
  EXPECT_EQ(partners, (std::set<std::int64_t>{2, 3, 9}));
  EXPECT_EQ(partner_of({.partner = 7}, 5, std::vector<std::int64_t>{5}), 5);
  EXPECT_EQ(partner_of({.partner = 1}, 4, samples), 3);
}

TEST(Paste, TakesARectangle) {
  const Picture before(6, 8, 1), partner(before.format, 99);
  Picture after = before;
  paste({.rectangle = Rectangle{.top = 1, .left = 2, .height = 3, .width = 4}}, before.format,
        {partner.image, partner.labels}, {after.image, after.labels});
  tests::each_pixel(after, [&](std::int64_t row, std::int64_t column) {
    const bool inside = row >= 1 && row < 4 && column >= 2 && column < 6;
    EXPECT_EQ(after.number(row, column, 0), (inside ? partner : before).number(row, column, 0));
    EXPECT_EQ(after.label(row, column), (inside ? partner : before).label(row, column));
  });
}

TEST(Paste, TakesHalfOfThePartnersClassesAndNeverVoid) {
  const Picture before(6, 8, 2, 16);
  Picture partner(before.format, 99);
  for (std::size_t i = 0; i < partner.labels.size(); ++i)
    partner.labels[i] = i % 6 == 5 ? core::kVoidLabel : static_cast<std::uint8_t>(i % 6);  // five classes
  std::set<std::set<int>> choices;
  for (std::uint64_t key = 0; key < 50; ++key) {
    Picture after = before;
    std::fill(after.labels.begin(), after.labels.end(), std::uint8_t{200});
    paste({.key = key << 17 | key}, before.format, {partner.image, partner.labels},
          {after.image, after.labels});
    std::set<int> pasted(after.labels.begin(), after.labels.end());
    EXPECT_EQ(pasted.erase(200), 1U);
    EXPECT_EQ(pasted.size(), 3U);  // half of five, rounded up
    EXPECT_FALSE(pasted.contains(core::kVoidLabel));
    choices.insert(pasted);
  }
  EXPECT_GT(choices.size(), 5U);
}

TEST(ElasticGridTest, IsSmoothAndAsWideAsItsAmplitude) {
  const ElasticGrid grid = elastic_grid({.amplitude = 3, .spacing = 10, .key = 77}, {40, 60});
  constexpr double kOne = static_cast<double>(FixedAffine::kOne);
  double largest = 0, steepest = 0, before = 0;
  for (std::int64_t row = 0; row < 40; ++row) {
    for (std::int64_t column = 0; column < 60; ++column) {
      const double here = static_cast<double>(displacement_at(grid, grid.x, row, column)) / kOne;
      largest = std::max(largest, std::abs(here));
      if (column > 0) steepest = std::max(steepest, std::abs(here - before));
      before = here;
    }
  }
  EXPECT_LE(largest, 3);
  EXPECT_GT(largest, 2);
  EXPECT_LT(steepest, 2 * 3 * 1.5 / 10 + 0.001);  // the steepest slope of smoothstep is 1.5
  EXPECT_NE(grid.x, grid.y);
}

TEST(Elastic, OfNoAmplitudeChangesNothing) {
  const Picture before(9, 14, 3);
  Drawn drawn;
  drawn.elastic.push_back({.amplitude = 0, .spacing = 4, .key = 5});
  EXPECT_EQ(changed(before, drawn), before);
}

}  // namespace
}  // namespace segbench::augmentations
