// SPDX-License-Identifier: MIT
#include "harness/metrics/influence.h"

#include <gmock/gmock.h>

#include "harness/core/measures.h"
#include "harness/core/random.h"
#include "harness/metrics/formulas.h"
#include "harness/metrics/scores.h"

namespace segbench::tests {
namespace {

using metrics::ImageCounts;

std::vector<ImageCounts> random_images(std::size_t images, std::size_t classes) {
  core::Stream stream(11, core::Purpose::kBootstrap);
  std::vector<ImageCounts> all;
  for (std::size_t i = 0; i < images; ++i) {
    core::Confusion confusion(static_cast<int>(classes));
    for (std::int64_t& cell : confusion.cells())
      cell = stream.coin(0.4) ? 0 : static_cast<std::int64_t>(stream.below(500));
    all.push_back(confusion.class_counts());
  }
  return all;
}

double score_of(std::string_view key, const std::vector<ImageCounts>& images) {
  ImageCounts pooled(images[0].size());
  for (const ImageCounts& image : images) {
    for (std::size_t c = 0; c < pooled.size(); ++c) pooled[c] += image[c];
  }
  return *metrics::score(key, pooled);
}

TEST(Influence, EveryScoreOfCountsHasAFormula) {
  for (const core::Measure& measure : core::kPooledScores)
    EXPECT_EQ(metrics::find_formula(measure.key) == nullptr, measure.key == "loss") << measure.key;
}

TEST(Influence, TheContributionsMeanIsTheScore) {
  const std::vector<ImageCounts> images = random_images(30, 4);
  for (const metrics::ScoreFormula& formula : metrics::kScoreFormulas) {
    double sum = 0;
    for (const double contribution : metrics::image_contributions(formula.key, images)) sum += contribution;
    EXPECT_NEAR(sum / 30, score_of(formula.key, images), 1e-12) << formula.key;
  }
}

// An image that is there once more has the weight 2 of n + 1; the first-order change is that of the
// derivative.
TEST(Influence, AContributionIsTheChangeWithAnImagesWeight) {
  constexpr std::size_t kImages = 2000;
  const std::vector<ImageCounts> images = random_images(kImages, 4);
  for (const metrics::ScoreFormula& formula : metrics::kScoreFormulas) {
    const std::vector<double> contributions = metrics::image_contributions(formula.key, images);
    const double score = score_of(formula.key, images);
    for (const std::size_t i : {std::size_t{0}, std::size_t{7}, std::size_t{99}}) {
      std::vector<ImageCounts> more = images;
      more.push_back(images[i]);
      const double change = (score_of(formula.key, more) - score) * (kImages + 1);
      EXPECT_NEAR(change, contributions[i] - score, 2e-3) << formula.key;
    }
  }
}

TEST(Influence, IsEmptyWhereThereIsNoSuchScore) {
  EXPECT_THAT(metrics::image_contributions("loss", random_images(3, 3)), testing::IsEmpty());
  EXPECT_THAT(metrics::image_contributions("miou_no_background", random_images(3, 3), std::nullopt),
              testing::IsEmpty());
  EXPECT_THAT(metrics::image_contributions("miou", std::vector<ImageCounts>{ImageCounts(3)}),
              testing::IsEmpty());
}

}  // namespace
}  // namespace segbench::tests
