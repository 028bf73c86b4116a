// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "harness/core/counts.h"
#include "tests/augmentations/picture.h"

namespace segbench::augmentations {
namespace {

using tests::changed;
using tests::each_pixel;
using tests::Picture;

/// Pictures of every kind of sample: 8 and 16 bits, with and without a range of its own.
std::vector<Picture> pictures(std::int64_t channels) {
  std::vector<Picture> all = {Picture(11, 9, channels), Picture(11, 9, channels, 16)};
  SampleFormat narrow{.extent = {11, 9}, .channels = channels, .range = {.bits = 16, .bounds = {}}};
  narrow.range.bounds.assign(static_cast<std::size_t>(channels), {1000.0, 52000.0});
  all.emplace_back(narrow);
  return all;
}

double value_of(const Picture& picture, std::int64_t row, std::int64_t column, std::int64_t channel) {
  return picture.format.range.level(static_cast<std::size_t>(channel), picture.number(row, column, channel)) /
         255;
}

/// By the definition: values of a pixel's place and channel, in double precision.
using Definition = std::function<double(std::int64_t row, std::int64_t column, std::int64_t channel)>;

void expect_values(const Picture& after, const Definition& definition) {
  each_pixel(after, [&](std::int64_t row, std::int64_t column) {
    for (std::int64_t c = 0; c < after.format.channels; ++c) {
      const auto [low, high] = after.format.range.of(static_cast<std::size_t>(c));
      const double value = std::min(std::max(definition(row, column, c), 0.0), 1.0);
      // Rounding, and the single precision of the computation.
      EXPECT_NEAR(after.number(row, column, c), low + value * (high - low), 0.5 + 4e-6 * (high - low))
          << row << ", " << column << ", " << c;
    }
  });
}

double mean_luminance(const Picture& picture) {
  double sum = 0;
  each_pixel(picture, [&](std::int64_t row, std::int64_t column) {
    if (picture.format.channels == 3) {
      sum += 0.299 * value_of(picture, row, column, 0) + 0.587 * value_of(picture, row, column, 1) +
             0.114 * value_of(picture, row, column, 2);
      return;
    }
    for (std::int64_t c = 0; c < picture.format.channels; ++c)
      sum += value_of(picture, row, column, c) / static_cast<double>(picture.format.channels);
  });
  return sum / static_cast<double>(picture.format.pixels());
}

TEST(Values, ToneIsGainAndPower) {
  for (const std::int64_t channels : {1, 3, 4}) {
    for (const Picture& before : pictures(channels)) {
      for (const auto& [gain, exponent] :
           {std::pair{1.3, 1.0}, {0.4, 1.0}, {1.0, 2.2}, {1.0, 0.5}, {0.0, 1.0}}) {
        const Picture after = changed(before, Tone{.gain = gain, .exponent = exponent});
        expect_values(after, [&, g = gain, e = exponent](auto row, auto column, auto c) {
          return std::pow(std::min(g * value_of(before, row, column, c), e == 1 ? 1.0 : 1e9), e);
        });
        EXPECT_EQ(after.labels, before.labels);
      }
    }
  }
}

TEST(Values, ToneAboutTheMeanKeepsTheMean) {
  for (const std::int64_t channels : {1, 3, 4}) {
    for (const Picture& before : pictures(channels)) {
      const double mean = mean_luminance(before);
      for (const double gain : {0.0, 0.5, 1.6}) {
        expect_values(changed(before, Tone{.gain = gain, .about_mean = true}),
                      [&](auto row, auto column, auto c) {
                        return mean + gain * (value_of(before, row, column, c) - mean);
                      });
      }
    }
  }
}

TEST(Values, AMatrixMixesTheChannelsOfAPixel) {
  const ColourMatrix matrix{{0.5, 0.25, -0.25, 0.1, 0.9, 0.3, 0, -0.4, 1.2}};
  for (const Picture& before : pictures(3)) {
    expect_values(changed(before, matrix), [&](auto row, auto column, auto c) {
      double sum = 0;
      for (int k = 0; k < 3; ++k)
        sum += matrix.rows.at(static_cast<std::size_t>(3 * c + k)) * value_of(before, row, column, k);
      return sum;
    });
  }
}

TEST(Values, BlurIsTheGaussianConvolution) {
  for (const double deviation : {0.4, 1.7, 6.0}) {
    const auto radius = static_cast<std::int64_t>(std::ceil(3 * deviation));
    for (const Picture& before : pictures(3)) {
      expect_values(changed(before, Blur{deviation}),
                    [&](std::int64_t row, std::int64_t column, std::int64_t c) {
                      double sum = 0, total = 0;  // in two dimensions at once
                      for (std::int64_t i = -radius; i <= radius; ++i) {
                        for (std::int64_t j = -radius; j <= radius; ++j) {
                          const double weight =
                              std::exp(-0.5 * static_cast<double>(i * i + j * j) / (deviation * deviation));
                          total += weight;
                          sum += weight * value_of(before, std::clamp<std::int64_t>(row + i, 0, 10),
                                                   std::clamp<std::int64_t>(column + j, 0, 8), c);
                        }
                      }
                      return sum / total;
                    });
    }
  }
  const Picture before(5, 5, 3);
  EXPECT_EQ(changed(before, Blur{0}), before);
}

TEST(Values, NoiseHasItsDeviationAndNoMemory) {
  Picture grey(64, 64, 3, 16);
  each_pixel(grey, [&](std::int64_t row, std::int64_t column) {
    for (int c = 0; c < 3; ++c) grey.set(row, column, c, 32768);
  });
  const auto noise = [&](const Picture& after) {
    std::vector<double> values;
    each_pixel(after, [&](std::int64_t row, std::int64_t column) {
      for (int c = 0; c < 3; ++c) values.push_back((after.number(row, column, c) - 32768) / 65535.0);
    });
    return values;
  };
  const Picture noisy = changed(grey, Noise{.deviation = 0.1, .key = 0x123456789ABCDEF0});
  const std::vector<double> a = noise(noisy),
                            b = noise(changed(grey, Noise{.deviation = 0.1, .key = 0x0FEDCBA987654321}));
  double mean = 0, square = 0, fourth = 0, neighbours = 0, keys = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    mean += a[i], square += a[i] * a[i], fourth += std::pow(a[i], 4), keys += a[i] * b[i];
    neighbours += a[i] * a[(i + 1) % a.size()];
  }
  const auto n = static_cast<double>(a.size());  // 12288: five standard errors of each statistic
  EXPECT_NEAR(mean / n, 0, 0.0045);
  EXPECT_NEAR(std::sqrt(square / n), 0.1, 0.003);
  EXPECT_NEAR(fourth * n / (square * square), 2.7, 0.2) << "the kurtosis of a sum of four uniform numbers";
  EXPECT_NEAR(neighbours / n, 0, 0.0005);
  EXPECT_NEAR(keys / n, 0, 0.0005);
  EXPECT_EQ(changed(grey, Noise{.deviation = 0.1, .key = 0x123456789ABCDEF0}), noisy);
}

TEST(Values, ErasingPaintsRectangles) {
  for (const Picture& before : pictures(3)) {
    for (const bool labels : {false, true}) {
      const Erase erase{
          .rectangles = {{2, 3, 4, 5}, {0, 0, 1, 9}, {5, 5, 0, 0}}, .value = 0.25, .erases_labels = labels};
      const Picture after = changed(before, erase);
      const auto erased = [](std::int64_t row, std::int64_t column) {
        return row == 0 || (row >= 2 && row < 6 && column >= 3 && column < 8);
      };
      expect_values(after, [&](auto row, auto column, auto c) {
        return erased(row, column) ? 0.25 : value_of(before, row, column, c);
      });
      each_pixel(after, [&](std::int64_t row, std::int64_t column) {
        EXPECT_EQ(after.label(row, column),
                  labels && erased(row, column) ? core::kVoidLabel : before.label(row, column));
      });
    }
  }
}

TEST(Values, EffectsFollowTheGeometryInTheOrderGiven) {
  const Picture before(12, 12, 3);
  const Affine shift{.x0 = -4};
  const Erase erase{.rectangles = {{0, 0, 12, 2}}, .value = 1};
  const Drawn both{.geometry = shift, .values = {erase, Tone{.gain = 0.5}}};
  const Picture after = changed(before, both);
  EXPECT_EQ(after, changed(changed(changed(before, shift), erase), Tone{.gain = 0.5}));
  EXPECT_EQ(after.number(3, 1, 0), 128);  // painted white, then halved
  EXPECT_EQ(after.number(3, 3, 0), 0);    // came into the frame
}

}  // namespace
}  // namespace segbench::augmentations
