// SPDX-License-Identifier: MIT
#include "results/statistics/two_level.h"

#include <gtest/gtest.h>

#include <cmath>

namespace segbench::tests {
namespace {

using statistics::SeedsByImages;

/// What a study of known truth gives: mean + seed + image + residual, with these standard deviations.
struct Truth {
  double mean = 0, seed = 0, image = 0, residual = 0;
};

SeedsByImages simulate(const Truth& truth, std::size_t seeds, std::size_t images, core::Stream& stream) {
  SeedsByImages values(seeds, std::vector<double>(images));
  std::vector<double> of_image(images);
  for (double& value : of_image) value = truth.image * stream.normal();
  for (std::vector<double>& row : values) {
    const double of_seed = truth.seed * stream.normal();
    for (std::size_t i = 0; i < images; ++i)
      row[i] = truth.mean + of_seed + of_image[i] + truth.residual * stream.normal();
  }
  return values;
}

TEST(TwoLevel, SplitsTheVariance) {
  core::Stream stream(1, core::Purpose::kBootstrap);
  statistics::VarianceSplit mean;
  constexpr int kStudies = 200;
  for (int i = 0; i < kStudies; ++i) {
    const auto split = statistics::split_variance(simulate({0.1, 0.2, 0.3, 0.5}, 10, 60, stream));
    mean.seed += split->seed / kStudies;
    mean.image += split->image / kStudies;
    mean.residual += split->residual / kStudies;
    mean.of_mean += split->of_mean / kStudies;
  }
  EXPECT_NEAR(mean.seed, 0.04, 0.005);
  EXPECT_NEAR(mean.image, 0.09, 0.005);
  EXPECT_NEAR(mean.residual, 0.25, 0.005);
  EXPECT_NEAR(mean.of_mean, 0.04 / 10 + 0.09 / 60 + 0.25 / 600, 5e-4);
}

// 95 % intervals cover the truth 93 to 97 % of the time, whichever part dominates, at the numbers of seeds
// that studies have. 0.015 is two standard errors of 900 simulated studies.
TEST(TwoLevel, IntervalsCoverAsOftenAsTheySay) {
  const Truth truths[] = {{0.02, 0.01, 0.05, 0.05}, {0.02, 0.02, 0.02, 0.05}, {0.02, 0.03, 0, 0.03}};
  constexpr int kStudies = 900;
  for (const std::size_t seeds : {std::size_t{3}, std::size_t{5}, std::size_t{10}}) {
    double all = 0;
    for (const Truth& truth : truths) {
      core::Stream stream(seeds, core::Purpose::kBootstrap, 1);
      int covered = 0;
      for (int i = 0; i < kStudies; ++i) {
        const SeedsByImages values = simulate(truth, seeds, 20, stream);
        const auto found = statistics::two_level(values, stream, 0.95, 300);
        ASSERT_TRUE(found);
        covered += found->interval.low <= truth.mean && truth.mean <= found->interval.high ? 1 : 0;
      }
      const double coverage = covered / static_cast<double>(kStudies);
      all += coverage / 3;
      EXPECT_GE(coverage, 0.93 - 0.015) << seeds << " seeds, image sd " << truth.image;
      EXPECT_LE(coverage, 0.97 + 0.015) << seeds << " seeds, image sd " << truth.image;
    }
    EXPECT_NEAR(all, 0.95, 0.02) << seeds << " seeds";
  }
}

TEST(TwoLevel, IsAFunctionOfItsStream) {
  core::Stream data(3, core::Purpose::kBootstrap), a(7, core::Purpose::kBootstrap),
      b(7, core::Purpose::kBootstrap);
  const SeedsByImages values = simulate({0, 1, 1, 1}, 4, 20, data);
  const SeedsByImages tables[] = {values, values};
  const auto means = statistics::two_level_means(tables, a, 50);
  EXPECT_EQ(means, statistics::two_level_means(tables, b, 50));
  EXPECT_EQ(means[0], means[1]) << "the same resamples of both";
}

TEST(TwoLevel, NeedsTwoSeedsTwoImagesAndASpread) {
  core::Stream stream(7, core::Purpose::kBootstrap);
  EXPECT_FALSE(statistics::two_level(SeedsByImages{}, stream));
  EXPECT_FALSE(statistics::two_level(SeedsByImages{{0.1, 0.2}}, stream)) << "one seed";
  EXPECT_FALSE(statistics::two_level(SeedsByImages{{0.1}, {0.2}}, stream)) << "one image";
  EXPECT_FALSE(statistics::two_level(SeedsByImages{{0.5, 0.5}, {0.5, 0.5}}, stream)) << "no spread";
}

}  // namespace
}  // namespace segbench::tests
