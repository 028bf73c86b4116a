// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "harness/refinements/permutohedral.h"
#include "harness/refinements/refinement.h"

namespace segbench::tests {
namespace {

using refinements::Scene;

std::vector<float> noise(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform(0, 1);
  std::vector<float> values(count);
  std::generate(values.begin(), values.end(), [&] { return uniform(random); });
  return values;
}

/// sum_j exp(-|f_i - f_j|^2 / 2) v_j, pair by pair.
std::vector<double> exact_sums(const std::vector<float>& features, std::size_t dimensions,
                               const std::vector<float>& values) {
  std::vector<double> sums(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = 0; j < values.size(); ++j) {
      double square = 0;
      for (std::size_t d = 0; d < dimensions; ++d)
        square += std::pow(features[i * dimensions + d] - features[j * dimensions + d], 2);
      sums[i] += std::exp(-square / 2) * values[j];
    }
  }
  return sums;
}

TEST(Permutohedral, ComesNearTheSumsOfAllPairs) {
  for (const std::size_t dimensions : {2U, 3U, 5U}) {
    // Smooth features, as those of pictures are: 24 x 24 pixels, four standard deviations wide.
    std::vector<float> features;
    for (int y = 0; y < 24; ++y) {
      for (int x = 0; x < 24; ++x) {
        const float fy = static_cast<float>(y) / 6, fx = static_cast<float>(x) / 6;
        const float all[] = {fy, fx, std::sin(fy), std::cos(fx), fy * fx / 4};
        features.insert(features.end(), all, all + dimensions);
      }
    }
    std::vector<float> values = noise(24 * 24, 1), ones(values.size(), 1.0F);
    const std::vector<double> exact = exact_sums(features, dimensions, values),
                              weight = exact_sums(features, dimensions, ones);
    const refinements::Permutohedral lattice(features, static_cast<int>(dimensions));
    lattice.filter(values, 1);
    lattice.filter(ones, 1);
    for (std::size_t i = 0; i < values.size(); ++i)
      ASSERT_NEAR(values[i] / ones[i], exact[i] / weight[i], 0.06)
          << dimensions << " dimensions, point " << i;
  }
}

TEST(Permutohedral, FiltersChannelsApart) {
  const std::vector<float> features = noise(50 * 2, 2);
  const refinements::Permutohedral lattice(features, 2);
  std::vector<float> first = noise(50, 3), second = noise(50, 4), both;
  for (std::size_t i = 0; i < 50; ++i) both.insert(both.end(), {first[i], second[i]});
  lattice.filter(first, 1);
  lattice.filter(second, 1);
  lattice.filter(both, 2);
  for (std::size_t i = 0; i < 50; ++i) {
    EXPECT_FLOAT_EQ(both[2 * i], first[i]);
    EXPECT_FLOAT_EQ(both[2 * i + 1], second[i]);
  }
}

/// A dark half and a bright half; the network is unsure, and wrong at some pixels of both.
struct TwoHalves {
  Scene scene{24, 32, 3, {}};
  std::vector<float> probabilities;
  int wrong() const {
    int count = 0;
    for (std::size_t i = 0; i < probabilities.size() / 2; ++i)
      count += (probabilities[2 * i + 1] > 0.5F) != (i % 32 >= 16) ? 1 : 0;
    return count;
  }
};

TwoHalves two_halves() {
  TwoHalves made;
  const std::vector<float> random = noise(24 * 32, 5);
  for (std::size_t i = 0; i < 24 * 32; ++i) {
    const bool bright = i % 32 >= 16, mistaken = random[i] < 0.15F;
    made.scene.levels.insert(made.scene.levels.end(), 3, bright ? 200 : 60);
    const float p = bright != mistaken ? 0.7F : 0.3F;
    made.probabilities.insert(made.probabilities.end(), {1 - p, p});
  }
  return made;
}

std::unique_ptr<refinements::Refinement> dense_crf(core::Json params) {
  params = core::with_defaults(core::PartRegistry::instance().get(core::PartKind::kRefinement, "dense_crf"),
                               params);
  return refinements::RefinementFactory::instance().make("dense_crf", params);
}

TEST(DenseCrf, MendsWhatItsNeighboursOfLikeColourSay) {
  TwoHalves image = two_halves();
  ASSERT_GT(image.wrong(), 80);
  dense_crf({})->apply(image.probabilities, image.scene);
  EXPECT_EQ(image.wrong(), 0);
  for (std::size_t i = 0; i < image.probabilities.size(); i += 2)
    ASSERT_NEAR(image.probabilities[i] + image.probabilities[i + 1], 1, 1e-5);
}

TEST(DenseCrf, ComesNearMeanFieldOverAllPairs) {
  TwoHalves image = two_halves();
  const std::size_t pixels = 24 * 32;
  // One iteration by hand: appearance alone, weight 2, deviations 8 pixels and 30 levels.
  std::vector<float> features, ones(pixels, 1.0F);
  for (std::size_t i = 0; i < pixels; ++i) {
    const float colour = image.scene.levels[3 * i] / 30.0F;
    features.insert(features.end(),
                    {static_cast<float>(i / 32) / 8, static_cast<float>(i % 32) / 8, colour, colour, colour});
  }
  const std::vector<double> weight = exact_sums(features, 5, ones);
  std::vector<double> energy[2];
  for (std::size_t c = 0; c < 2; ++c) {
    std::vector<float> scaled;
    for (std::size_t i = 0; i < pixels; ++i)
      scaled.push_back(image.probabilities[2 * i + c] / static_cast<float>(std::sqrt(weight[i])));
    energy[c] = exact_sums(features, 5, scaled);
    for (std::size_t i = 0; i < pixels; ++i)
      energy[c][i] = std::log(image.probabilities[2 * i + c]) + 2 * energy[c][i] / std::sqrt(weight[i]);
  }
  dense_crf({{"iterations", 1},
             {"appearance_weight", 2},
             {"appearance_position", 8},
             {"appearance_colour", 30},
             {"smoothness_weight", 0}})
      ->apply(image.probabilities, image.scene);
  for (std::size_t i = 0; i < pixels; ++i) {
    const double wanted = 1 / (1 + std::exp(energy[0][i] - energy[1][i]));
    ASSERT_NEAR(image.probabilities[2 * i + 1], wanted, 0.03) << "pixel " << i;
  }
}

TEST(DenseCrf, WithoutWeightsLeavesProbabilitiesAlone) {
  TwoHalves image = two_halves();
  const std::vector<float> before = image.probabilities;
  dense_crf({{"appearance_weight", 0}, {"smoothness_weight", 0}})->apply(image.probabilities, image.scene);
  for (std::size_t i = 0; i < before.size(); ++i) ASSERT_NEAR(image.probabilities[i], before[i], 1e-6);
}

TEST(DenseCrf, TakesGreyImages) {
  TwoHalves image = two_halves();
  std::vector<std::uint8_t> grey;
  for (std::size_t i = 0; i < image.scene.levels.size(); i += 3) grey.push_back(image.scene.levels[i]);
  image.scene.channels = 1;
  image.scene.levels = grey;
  dense_crf({})->apply(image.probabilities, image.scene);
  EXPECT_EQ(image.wrong(), 0);
}

}  // namespace
}  // namespace segbench::tests
