// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/core/random.h"
#include "harness/core/text.h"
#include "harness/metrics/scores.h"
#include "tests/store/store_fixture.h"

// Scores are defined in harness/metrics. The store's views, for those who ask with SQL, must give the same
// for any counts: here for random ones, with classes that occur nowhere, in the truth or in predictions
// alone.

namespace segbench::tests {
namespace {

constexpr int kClasses = 4;

core::Confusion random_image(core::Stream& stream) {
  core::Confusion image(kClasses);
  for (int truth = 0; truth < kClasses; ++truth) {
    const bool absent = stream.coin(0.3);
    for (int predicted = 0; predicted < kClasses; ++predicted) {
      if (!absent && stream.coin(0.6))
        image.at(truth, predicted) = static_cast<std::int64_t>(stream.below(1000));
    }
  }
  return image;
}

class ScoreViews : public StoreTest {
 protected:
  ScoreViews() {
    core::Stream stream(7, core::Purpose::kBootstrap);
    std::vector<std::uint64_t> seeds(20);
    for (std::size_t i = 0; i < seeds.size(); ++i) seeds[i] = i + 1;
    trials_ = fake_trials({"small"}, seeds);
    for (std::size_t i = 0; i < trials_.size(); ++i) {
      trials_[i].class_names = {"a", "b", "c", "d"};
      trials_[i].background = i % 3 == 0 ? core::Background() : core::Background(static_cast<int>(i % 2));
      trials_[i].select_by = "miou";
      trials_[i].test_images = {random_image(stream), random_image(stream), core::Confusion(kClasses)};
    }
    write_fake_study(runs(), trials_);
    store::Store store = store::Store::open(file());
    EXPECT_THAT(import_all(store), testing::IsEmpty());
  }

  /// The values of columns of the only row that a query gives.
  std::vector<std::optional<double>> row_of(const std::vector<std::string>& columns,
                                            const std::string& from) {
    std::string select;
    for (const std::string& column : columns)
      select += fmt::format("{1}CASE WHEN {0} IS NULL THEN '' ELSE printf('%.17g', {0}) END", column,
                            select.empty() ? "" : ", ");
    const std::vector<std::string> found =
        rows(fmt::format("SELECT {} FROM {}", select, from), static_cast<int>(columns.size()));
    if (found.size() != 1) throw std::runtime_error(fmt::format("{} rows in {}", found.size(), from));
    std::vector<std::optional<double>> values;
    for (const std::string& text : core::split(found[0], '|'))
      values.push_back(text.empty() ? std::nullopt : std::optional(std::stod(text)));
    return values;
  }

  static void expect_equal(std::optional<double> view, std::optional<double> metric,
                           const std::string& what) {
    ASSERT_EQ(view.has_value(), metric.has_value()) << what;
    if (metric) {
      EXPECT_NEAR(*view, *metric, 1e-12) << what;
    }
  }

  std::vector<FakeTrial> trials_;
};

TEST_F(ScoreViews, OfTrialsAreTheMetrics) {
  const std::vector<std::string> metrics = {
      "pixel_accuracy", "mean_class_accuracy",    "miou", "miou_no_background", "fwiou",
      "mean_dice",      "mean_dice_no_background"};
  int undefined = 0;
  for (const FakeTrial& trial : trials_) {
    core::Confusion sum(kClasses);
    for (const core::Confusion& image : trial.test_images) sum += image;
    const auto found = row_of(
        metrics,
        fmt::format("evaluation_scores WHERE trial_id = '{}' AND split = 'test'", fake_trial_id(trial)));
    for (std::size_t i = 0; i < metrics.size(); ++i) {
      const auto score = metrics::score(metrics[i], sum.class_counts(), std::nullopt, trial.background);
      undefined += score ? 0 : 1;
      expect_equal(found[i], score, metrics[i]);
    }
  }
  EXPECT_GT(undefined, 0) << "no background: two means are undefined";
}

TEST_F(ScoreViews, OfClassesAreTheMetrics) {
  int undefined = 0;
  for (const FakeTrial& trial : trials_) {
    core::Confusion sum(kClasses);
    for (const core::Confusion& image : trial.test_images) sum += image;
    const metrics::PooledScores scores = metrics::pooled_scores(sum, trial.background);
    for (std::size_t c = 0; c < kClasses; ++c) {
      const auto found =
          row_of({"iou", "dice", "accuracy"},
                 fmt::format("per_class_iou WHERE trial_id = '{}' AND split = 'test' AND class = {}",
                             fake_trial_id(trial), c));
      expect_equal(found[0], scores.iou[c], "iou");
      expect_equal(found[1], scores.dice[c], "dice");
      expect_equal(found[2], scores.class_accuracy[c], "accuracy");
      undefined += scores.class_accuracy[c] ? 0 : 1;
    }
  }
  EXPECT_GT(undefined, 0) << "some class occurs nowhere";
}

TEST_F(ScoreViews, OfImagesAreTheMetrics) {
  for (const FakeTrial& trial : trials_) {
    for (std::size_t i = 0; i < trial.test_images.size(); ++i) {
      const metrics::PooledScores scores = metrics::pooled_scores(trial.test_images[i], trial.background);
      const auto found =
          row_of({"pixel_accuracy", "miou_gt_present"},
                 fmt::format("(SELECT * FROM image_scores WHERE trial_id = '{}' AND split = 'test' "
                             "ORDER BY image LIMIT 1 OFFSET {})",
                             fake_trial_id(trial), i));
      expect_equal(found[0], scores.pixel_accuracy, "pixel_accuracy");
      expect_equal(found[1], scores.miou_gt_present, "miou_gt_present");
    }
  }
}

TEST_F(ScoreViews, OfEpochsAreThoseOfTheirEvaluations) {
  const auto different = rows(
      "SELECT c.trial_id, c.epoch FROM learning_curve c JOIN evaluation_scores e ON e.trial_id = c.trial_id "
      "AND "
      "e.epoch = c.epoch AND e.split = 'selection' AND e.weights = 'current' WHERE c.selection_miou IS NOT "
      "e.miou OR "
      "c.selection_miou_no_background IS NOT e.miou_no_background OR c.selection_pixel_accuracy IS NOT "
      "e.pixel_accuracy",
      2);
  EXPECT_THAT(different, testing::IsEmpty());
  EXPECT_THAT(rows("SELECT count(*) > 0 FROM learning_curve WHERE selection_miou > 0", 1),
              testing::ElementsAre("1"));
}

}  // namespace
}  // namespace segbench::tests
