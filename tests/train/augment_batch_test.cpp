// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cmath>

#include "harness/augmentations/effects/balance.h"
#include "harness/augmentations/torch/batch.h"
#include "tests/augmentations/picture.h"

// What tensors make of a batch, against what bytes make of each sample.

namespace segbench::augmentations {
namespace {

using tests::changed;
using tests::Picture;
using torch::Tensor;

struct Batch {
  std::vector<Picture> samples;
  Tensor images, labels;
};

Batch make_batch(std::int64_t count, SampleFormat format) {
  Batch batch;
  const auto [height, width] = format.extent;
  batch.images = torch::empty({count, height, width, format.channels}, torch::kFloat);
  batch.labels = torch::empty({count, height, width}, torch::kByte);
  for (std::int64_t n = 0; n < count; ++n) {
    const Picture& picture = batch.samples.emplace_back(format, static_cast<std::uint64_t>(n + 1));
    tests::each_pixel(picture, [&](std::int64_t row, std::int64_t column) {
      batch.labels[n][row][column] = picture.label(row, column);
      for (std::int64_t c = 0; c < format.channels; ++c)
        batch.images[n][row][column][c] = picture.number(row, column, c);
    });
  }
  return batch;
}

/// The greatest difference of a number from what bytes give, and how many differ at all; labels are equal.
struct Difference {
  double greatest = 0;
  int numbers = 0, differing = 0;
};

Difference compare(Batch& batch, std::vector<Drawn> drawn) {
  for (std::size_t n = 0; n < drawn.size(); ++n) {  // done on bytes, before anything reaches a device
    drawn[n].mixes.clear();
    choose_view(drawn[n], batch.samples[n].format.extent, batch.samples[n].labels,
                std::vector<double>(10, 0.1));
  }
  const SampleFormat& format = batch.samples.front().format;
  apply(drawn, format.range, batch.images, batch.labels);
  Difference difference;
  for (std::size_t n = 0; n < drawn.size(); ++n) {
    const Picture expected = changed(batch.samples[n], drawn[n]);
    const Tensor image = batch.images[static_cast<std::int64_t>(n)].contiguous(),
                 labels = batch.labels[static_cast<std::int64_t>(n)].contiguous();
    const float* number = image.data_ptr<float>();
    const std::uint8_t* label = labels.data_ptr<std::uint8_t>();
    tests::each_pixel(expected, [&](std::int64_t row, std::int64_t column) {
      EXPECT_EQ(*label++, expected.label(row, column));
      for (std::int64_t c = 0; c < format.channels; ++c, ++number) {
        const double off = std::abs(*number - expected.number(row, column, c));
        difference.greatest = std::max(difference.greatest, off);
        ++difference.numbers;
        difference.differing += off > 0 ? 1 : 0;
      }
    });
  }
  return difference;
}

std::vector<SampleFormat> formats() {
  const Extent extent{10, 13};
  SampleFormat narrow{.extent = extent, .channels = 3, .range = {.bits = 16, .bounds = {}}};
  narrow.range.bounds.assign(3, {900.0, 41000.0});
  return {{.extent = extent, .channels = 3, .range = {}},
          {.extent = extent, .channels = 3, .range = {.bits = 16, .bounds = {}}},
          narrow};
}

Drawn one(const ValueEffect& effect) {
  return {.geometry = {}, .values = {effect}};
}

TEST(AugmentedBatches, GeometryIsThatOfBytesToTheLastBit) {
  for (const SampleFormat& format : formats()) {
    const std::vector<Drawn> drawn = {
        {},
        {.geometry = kMirrored, .values = {}},
        {.geometry = {.xx = 0, .xy = -1, .yx = 1, .yy = 0}, .values = {}},
        {.geometry = {.xx = 0.83, .xy = -0.41, .x0 = 0.7, .yx = 0.37, .yy = 0.9, .y0 = -1.3}, .values = {}},
        {.geometry = {.xx = 1.9, .x0 = 2.25, .yy = 1.9, .y0 = 40}, .values = {}},
        {.geometry = {},
         .values = {},
         .elastic = {{.amplitude = 1.7, .spacing = 4, .key = 12345678901234567}}},
        {.geometry = {.xx = 0.9, .yy = 0.9},
         .values = {},
         .elastic = {{.amplitude = 0.8, .spacing = 3, .key = 5},
                     {.amplitude = 1.1, .spacing = 7, .key = 6}}}};
    Batch batch = make_batch(7, format);
    EXPECT_EQ(compare(batch, drawn).differing, 0);
  }
}

TEST(AugmentedBatches, ValuesAreThoseOfBytesButForRounding) {
  const std::vector<Drawn> drawn = {
      one(Tone{.gain = 1.37}),
      one(Tone{.gain = 0.6, .about_mean = true}),
      one(Tone{.exponent = 0.7}),
      one(ColourMatrix{{0.5, 0.3, 0.2, -0.2, 1.1, 0.1, 0, 0.4, 0.7}}),
      one(Blur{1.3}),
      one(Noise{.deviation = 0.08, .key = 0xFEDCBA9876543210}),
      one(Erase{.rectangles = {{1, 2, 3, 4}}, .value = 0.5, .erases_labels = true}),
      {}};
  for (const SampleFormat& format : formats()) {
    Batch batch = make_batch(8, format);
    const Difference difference = compare(batch, drawn);
    EXPECT_LE(difference.greatest, 1);
    EXPECT_LT(difference.differing, difference.numbers / 50);
  }
}

TEST(AugmentedBatches, EveryPartDoesTheSameOnBoth) {
  int parts = 0;
  for (const std::string& name : AugmentationFactory::instance().names()) {
    SCOPED_TRACE(name);
    ++parts;
    const Augmentations augmentations = make_augmentations({{name, {{"probability", 1}}}});
    for (const SampleFormat& format : formats()) {
      std::vector<Drawn> drawn;
      for (int index = 0; index < 6; ++index)
        drawn.push_back(draw(augmentations, format.extent, 1, 1, index));
      Batch batch = make_batch(6, format);
      EXPECT_LE(compare(batch, drawn).greatest, 1);
    }
  }
  EXPECT_GT(parts, 10);
}

TEST(AugmentedBatches, AllPartsTogetherFollowTheSameOrder) {
  std::vector<core::PartChoice> all;
  for (const std::string& name : AugmentationFactory::instance().names()) all.push_back({name, {}});
  const Augmentations augmentations = make_augmentations(all);
  for (const SampleFormat& format : formats()) {
    std::vector<Drawn> drawn;
    for (int index = 0; index < 12; ++index) drawn.push_back(draw(augmentations, format.extent, 3, 1, index));
    Batch batch = make_batch(12, format);
    // One rounding after geometry and values each; single precision in between.
    EXPECT_LE(compare(batch, drawn).greatest, format.range.bits == 16 ? 2 : 1);
  }
}

}  // namespace
}  // namespace segbench::augmentations
