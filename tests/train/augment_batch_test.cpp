// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "harness/augmentations/effects/balance.h"
#include "harness/augmentations/torch/batch.h"
#include "harness/augmentations/torch/flip.h"
#include "harness/augmentations/torch/mix.h"
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
  NumberTable table(static_cast<std::int64_t>(drawn.size()));
  const BatchEffects effects(drawn, batch.samples.front().format, table);
  effects.apply(Numbers(table.tensor()), 0, batch.images, batch.labels);
  Difference difference;
  for (std::size_t n = 0; n < drawn.size(); ++n) {
    const Picture expected = changed(batch.samples[n], drawn[n]);
    const Tensor image = batch.images[static_cast<std::int64_t>(n)].contiguous(),
                 labels = batch.labels[static_cast<std::int64_t>(n)].contiguous();
    const float* number = image.data_ptr<float>();
    const std::uint8_t* label = labels.data_ptr<std::uint8_t>();
    tests::each_pixel(expected, [&](std::int64_t row, std::int64_t column) {
      EXPECT_EQ(*label++, expected.label(row, column));
      for (std::int64_t c = 0; c < expected.format.channels; ++c, ++number) {
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

/// Samples that differ in which effects they have, and how many.
std::vector<Drawn> uneven_draws() {
  return {
      {.geometry = {}, .values = {Tone{.gain = 1.4}, Noise{.deviation = 0.05, .key = 77}}},
      {},
      {.geometry = {.xx = 0.8, .yy = 1.1},
       .values = {Tone{.exponent = 0.7}, ColourMatrix{{0.5, 0.3, 0.2, -0.2, 1.1, 0.1, 0, 0.4, 0.7}},
                  Blur{0.6}, Tone{.gain = 0.7, .about_mean = true}}},
      {.geometry = {.xx = 1.1},
       .values = {Blur{1.7}},
       .elastic = {{.amplitude = 1.2, .spacing = 4, .key = 8}, {.amplitude = 0.7, .spacing = 4, .key = 9}}},
      {.geometry = {},
       .values = {Erase{.rectangles = {{1, 2, 3, 4}, {5, 0, 2, 13}}, .value = 0.3, .erases_labels = true},
                  Tone{.gain = 1.1}}},
      {.geometry = {}, .values = {Erase{.rectangles = {{0, 0, 4, 4}}, .value = 0.9}}, .elastic = {}}};
}

TEST(AugmentedBatches, WhatBecomesOfASampleDependsOnNoOther) {
  for (const SampleFormat& format : formats()) {
    const std::vector<Drawn> drawn = uneven_draws();
    const auto count = static_cast<std::int64_t>(drawn.size());
    Batch together = make_batch(count, format);
    const Batch before = make_batch(count, format);
    EXPECT_LE(compare(together, drawn).greatest, format.range.bits == 16 ? 2 : 1);
    NumberTable table(count);
    const BatchEffects effects(drawn, format, table);
    const Numbers numbers(table.tensor());
    for (std::int64_t n = 0; n < count; ++n) {
      const std::vector<Drawn> one = {drawn[static_cast<std::size_t>(n)]};
      NumberTable own(1);
      const BatchEffects alone(one, format, own);
      Tensor image = before.images.narrow(0, n, 1).clone(), labels = before.labels.narrow(0, n, 1).clone();
      alone.apply(Numbers(own.tensor()), 0, image, labels);
      EXPECT_TRUE(image.equal(together.images.narrow(0, n, 1))) << n;
      EXPECT_TRUE(labels.equal(together.labels.narrow(0, n, 1))) << n;
      image = before.images.narrow(0, n, 1).clone(), labels = before.labels.narrow(0, n, 1).clone();
      effects.apply(numbers.columns(n, 1), n, image, labels);
      EXPECT_TRUE(image.equal(together.images.narrow(0, n, 1))) << "one of the table, " << n;
      EXPECT_TRUE(labels.equal(together.labels.narrow(0, n, 1))) << "one of the table, " << n;
    }
  }
}

TEST(AugmentedBatches, FlipsAndPastesMoveNumbersAsBytesAreMoved) {
  const SampleFormat format = formats()[0];
  const auto view = [](const Picture& picture) { return SampleView{picture.image, picture.labels}; };
  const Mix cut{.partner = 0, .rectangle = Rectangle{2, 1, 5, 7}},
      classes{.partner = 0, .key = 1234567890123};
  const std::vector<std::vector<Mix>> mixes = {{cut}, {classes}, {}, {cut, classes}, {classes, cut}};
  std::vector<Drawn> drawn = {{.geometry = kMirrored},
                              {.geometry = kUpsideDown},
                              {.geometry = {.xx = -1, .yy = -1}},
                              {.geometry = {.xx = 0.5}},
                              {.geometry = kMirrored, .values = {}, .elastic = {{.amplitude = 1, .key = 1}}}};
  Batch batch = make_batch(5, format);
  const Tensor all_images = batch.images.to(torch::kByte), all_labels = batch.labels.clone();
  std::vector<std::vector<Paste>> pastes(mixes.size());
  std::vector<Picture> expected;
  for (std::size_t n = 0; n < mixes.size(); ++n) {
    Picture mixed = batch.samples[n];
    const std::size_t other = (n + 2) % mixes.size();
    const Picture& partner = batch.samples[other];
    for (const Mix& mix : mixes[n]) {
      paste(mix, format, view(partner), {mixed.image, mixed.labels});
      pastes[n].push_back({.partner = static_cast<std::int64_t>(other), .rectangle = mix.rectangle});
      if (!mix.rectangle) pastes[n].back().classes = pasted_classes(mix, partner.labels);
    }
    expected.push_back(n < 3 ? changed(mixed, drawn[n].geometry) : mixed);
  }
  NumberTable table(5);
  const BatchMixes batch_mixes(pastes, table);
  const BatchFlips flips(drawn, table);
  EXPECT_FALSE(drawn[2].moves()) << "done";
  EXPECT_TRUE(drawn[3].moves() && drawn[4].geometry == kMirrored) << "left to be sampled";
  const Numbers numbers(table.tensor());
  Tensor images = all_images.clone(), labels = all_labels.clone();
  batch_mixes.apply(numbers, 0, all_images, all_labels, images, labels);
  flips.apply(numbers, 0, images, labels);
  for (std::int64_t n = 0; n < 5; ++n) {
    const Picture& picture = expected[static_cast<std::size_t>(n)];
    const Tensor image = images[n].contiguous(), label = labels[n].contiguous();
    EXPECT_TRUE(std::equal(picture.image.begin(), picture.image.end(), image.data_ptr<std::uint8_t>())) << n;
    EXPECT_TRUE(std::equal(picture.labels.begin(), picture.labels.end(), label.data_ptr<std::uint8_t>()))
        << n;
  }
}

}  // namespace
}  // namespace segbench::augmentations
