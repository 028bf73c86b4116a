// SPDX-License-Identifier: MIT
#include "harness/augmentations/augmentation.h"

#include <gtest/gtest.h>

#include <numeric>

#include "harness/core/error.h"
#include "harness/core/part.h"

namespace segbench::augmentations {
namespace {

/// An image whose bytes tell where they came from; labels count the pixels.
struct Picture {
  std::int64_t height, width, channels;
  std::vector<std::uint8_t> image, labels;

  Picture(std::int64_t rows, std::int64_t columns, std::int64_t depth)
      : height(rows),
        width(columns),
        channels(depth),
        image(static_cast<std::size_t>(rows * columns * depth)),
        labels(static_cast<std::size_t>(rows * columns)) {
    std::iota(image.begin(), image.end(), std::uint8_t{0});
    std::iota(labels.begin(), labels.end(), std::uint8_t{0});
  }
  Sample sample() { return {image, labels, height, width, channels}; }
  std::uint8_t pixel(std::int64_t row, std::int64_t column, std::int64_t channel) const {
    return image[static_cast<std::size_t>((row * width + column) * channels + channel)];
  }
  std::uint8_t label(std::int64_t row, std::int64_t column) const {
    return labels[static_cast<std::size_t>(row * width + column)];
  }
};

Augmentations only(const std::string& name, double probability) {
  return make_augmentations({{name, {{"probability", probability}}}});
}

TEST(Augmentations, EveryDescriptionHasAnImplementation) {
  EXPECT_EQ(AugmentationFactory::instance().names(),
            core::PartRegistry::instance().names(core::PartKind::kAugmentation));
}

TEST(Augmentations, FlipsMoveImageAndLabelsTogether) {
  for (const std::string name : {"horizontal_flip", "vertical_flip"}) {
    for (const auto& [height, width] : {std::pair{4, 5}, {3, 6}, {1, 1}, {1, 7}, {5, 1}}) {
      for (const int channels : {1, 3}) {
        const Picture before(height, width, channels);
        Picture after = before;
        augment(only(name, 1.0), after.sample(), 1, 1, 0);
        for (int row = 0; row < height; ++row) {
          for (int column = 0; column < width; ++column) {
            const int from_row = name == "vertical_flip" ? height - 1 - row : row;
            const int from_column = name == "horizontal_flip" ? width - 1 - column : column;
            EXPECT_EQ(after.label(row, column), before.label(from_row, from_column));
            for (int c = 0; c < channels; ++c) {
              EXPECT_EQ(after.pixel(row, column, c), before.pixel(from_row, from_column, c));
            }
          }
        }
      }
    }
  }
}

TEST(Augmentations, ProbabilityIsKept) {
  for (const double probability : {0.0, 0.25, 1.0}) {
    const Augmentations augmentations = only("horizontal_flip", probability);
    int flipped = 0;
    for (int index = 0; index < 4000; ++index) {
      Picture picture(1, 2, 1);
      augment(augmentations, picture.sample(), 5, 1, index);
      flipped += picture.label(0, 0) == 1 ? 1 : 0;
    }
    EXPECT_NEAR(flipped / 4000.0, probability, 0.035);  // five standard deviations
  }
}

TEST(Augmentations, DependOnSeedEpochAndSampleOnly) {
  const Augmentations augmentations = make_augmentations({{"horizontal_flip", {}}, {"vertical_flip", {}}});
  const auto outcome = [&](std::uint64_t seed, std::uint32_t epoch) {
    std::vector<std::uint8_t> corners;
    for (int index = 0; index < 64; ++index) {
      Picture picture(2, 2, 1);
      augment(augmentations, picture.sample(), seed, epoch, index);
      corners.push_back(picture.label(0, 0));
    }
    return corners;
  };
  EXPECT_EQ(outcome(1, 1), outcome(1, 1));
  EXPECT_NE(outcome(1, 1), outcome(1, 2));
  EXPECT_NE(outcome(1, 1), outcome(2, 1));
}

TEST(Augmentations, APartDrawsTheSameWhateverStandsBesideIt) {
  const auto mirrored = [](const std::vector<core::PartChoice>& parts) {
    const Augmentations augmentations = make_augmentations(parts);
    std::vector<bool> outcome;
    for (int index = 0; index < 64; ++index) {
      Picture picture(2, 2, 1);
      augment(augmentations, picture.sample(), 3, 2, index);
      outcome.push_back(picture.label(0, 0) % 2 == 1);  // the columns are swapped, whatever the rows are
    }
    return outcome;
  };
  const core::PartChoice across{"horizontal_flip", {}}, down{"vertical_flip", {}};
  EXPECT_EQ(mirrored({across, down}), mirrored({across}));
  EXPECT_EQ(mirrored({down, across}), mirrored({across}));
  EXPECT_NE(mirrored({down}), mirrored({across}));
  // Twice the same part is two parts: they do not always cancel out.
  EXPECT_NE(mirrored({across, across}), mirrored({}));
}

TEST(Augmentations, UnknownNameIsTheUsersError) {
  EXPECT_THROW(make_augmentations({{"horizontal_flop", core::Json::object()}}), core::UserError);
}

}  // namespace
}  // namespace segbench::augmentations
