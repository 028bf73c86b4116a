// SPDX-License-Identifier: MIT
#include "results/conclusions/search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/core/random.h"
#include "tests/conclusions/made_up_search.h"

namespace segbench::conclusions {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(SearchResult, ChoosesOnTheSelectionSplitAndTellsWhatThatFlattered) {
  MadeUpSearch study({}, 2);
  study.add({}, {0.50, 0.60}, 0.59);
  study.add({}, {0.80, 0.70}, 0.62);  // the best on selection: in its first epoch
  study.add({}, {0.65, 0.66}, 0.70);  // the best on test
  const Conclusions model = study.conclude();
  ASSERT_TRUE(model.search);
  const SearchResult& search = *model.search;
  EXPECT_EQ(search.chosen, "v1");
  EXPECT_DOUBLE_EQ(*search.chosen_score, 0.80);
  EXPECT_NEAR(*search.gap, 0.80 - 0.62, 1e-12);
  EXPECT_NEAR(*search.mean_gap, (0.01 + 0.18 - 0.04) / 3, 1e-12);
  EXPECT_EQ(model.leaderboard[0].id, "v1") << "ranked by the selection split";
  EXPECT_EQ(model.leaderboard[2].id, "v0");
  EXPECT_EQ(model.verdict.leader, "v1");
  EXPECT_TRUE(model.to_best.empty()) << "not compared on the test split";
  EXPECT_THAT(model.verdict.headline,
              HasSubstr("Chosen out of 3 draws by pixel accuracy on the selection split: "
                        "draw v1, 0.8000 there and 0.6200 on the test split."));
  EXPECT_THAT(model.verdict.remarks[0], HasSubstr("looks better by +0.1800"));
  EXPECT_EQ(to_json(model)["search"]["chosen"], "v1");
}

TEST(SearchResult, IsNoneOfAStudyThatDoesNotSearch) {
  const Conclusions model = conclusions_of({trial_of("a", 1, 0.5)});
  EXPECT_FALSE(model.search);
  EXPECT_FALSE(to_json(model).contains("search"));
}

TEST(SearchResult, AHalvingLeavesDrawsWithoutCallingThemMissing) {
  MadeUpSearch study({1, 3, 9});
  study.add({}, {0.5}, {}, core::TrialStatus::kInterrupted);
  study.add({}, {0.6, 0.5, 0.55}, {}, core::TrialStatus::kInterrupted);
  study.add({}, {0.7, 0.7, 0.71, 0.72, 0.73, 0.73, 0.73, 0.74, 0.74}, 0.7);
  study.add({}, {}, {}, core::TrialStatus::kFailed);
  const Conclusions model = study.conclude();
  const SearchResult& search = *model.search;
  EXPECT_EQ(search.draws[0].fate, "paused");
  EXPECT_THAT(search.draws[1].scores, ElementsAre(0.6, 0.6)) << "the best epoch so far";
  EXPECT_THAT(search.draws[2].scores, ElementsAre(0.7, 0.71, 0.74));
  EXPECT_EQ(search.draws[3].fate, "failed");
  EXPECT_THAT(reached_rungs(search), ElementsAre(3, 2, 1));
  EXPECT_EQ(search.epochs, 1 + 3 + 9);
  EXPECT_EQ(search.full_epochs, 4 * 9);
  EXPECT_EQ(search.chosen, "v2");
  EXPECT_TRUE(search.budget.empty());
  ASSERT_EQ(model.excluded.size(), 1U) << "the failed one alone";
  EXPECT_EQ(model.excluded[0].trial, "v3-1");
  EXPECT_EQ(model.planned, 2);
  EXPECT_EQ(model.complete, 1);
}

TEST(SearchResult, FindsTheImportanceOfASimulatedFunction) {
  MadeUpSearch study({}, 1);
  study.inputs.study.study["search"]["space"] = {
      {{"key", "training.optimizer.momentum"}, {"uniform", {0, 1}}},
      {{"key", "training.loss"}, {"choice", {"dice", "focal"}}},
      {{"key", "training.optimizer.learning_rate"}, {"log_uniform", {1e-4, 1e-1}}}};
  core::Stream stream(5, core::Purpose::kSearch);
  for (int i = 0; i < 200; ++i) {
    const double u = stream.uniform(), momentum = stream.uniform();
    const bool dice = stream.coin(0.5);
    // Variances: 0.09 / 12 of the rate, 0.01 / 4 of the loss, nothing of the momentum, 0.0001 of noise.
    const double score = 0.4 + 0.3 * u + (dice ? 0.1 : 0) + 0.01 * stream.normal();
    study.add({{"training.optimizer.learning_rate", 1e-4 * std::pow(1000, u)},
               {"training.loss.name", dice ? "dice" : "focal"},
               {"training.optimizer.momentum", momentum}},
              {score}, score);
  }
  const SearchResult search = *study.conclude().search;
  ASSERT_EQ(search.parameters.size(), 3U);
  const SearchParameter &rate = search.parameters[0], &loss = search.parameters[1],
                        &momentum = search.parameters[2];
  EXPECT_EQ(rate.key, "training.optimizer.learning_rate");
  EXPECT_EQ(loss.key, "training.loss");
  const double variance = 0.09 / 12 + 0.01 / 4 + 0.0001;
  EXPECT_NEAR(*rate.share, 0.09 / 12 / variance * (1 - 1 / 25.0), 0.06);
  EXPECT_NEAR(*loss.share, 0.01 / 4 / variance, 0.06);
  EXPECT_LT(*momentum.share, 0.04);
  EXPECT_GT(*momentum.p, 0.01);
  EXPECT_LT(*rate.p, 0.01);
  EXPECT_EQ(rate.levels.size(), 5U);
  EXPECT_EQ(rate.levels[0].draws, 40U);
  ASSERT_EQ(loss.levels.size(), 2U);
  EXPECT_EQ(loss.levels[0].text, "dice");
  EXPECT_NEAR(*loss.levels[0].mean - *loss.levels[1].mean, 0.1, 0.04);
  EXPECT_DOUBLE_EQ(*loss.levels[0].seconds_per_epoch, 10);
  for (const SearchLevel& level : rate.levels) {
    EXPECT_GE(level.interval->low, 0);
    EXPECT_LE(level.interval->low, *level.mean);
    EXPECT_GE(level.interval->high, *level.mean);
  }
}

TEST(SearchResult, ExplainsASettingWithinAChoiceByTheDrawsThatHaveIt) {
  MadeUpSearch study({}, 1);
  study.inputs.study.study["search"]["space"] = {
      {{"key", "training.optimizer"},
       {"choice",
        {{{"name", "adam"}}, {{"name", "sgd"}, {"momentum", {{"uniform", {0, 1}}}}}, {{"name", "fixed"}}}}},
      {{"key", "training.optimizer.momentum"}, {"uniform", {0, 1}}, {"within", "training.optimizer"}}};
  core::Stream stream(6, core::Purpose::kSearch);
  for (int i = 0; i < 60; ++i) {
    const double momentum = stream.uniform();
    const double score = 0.5 + 0.3 * momentum;
    if (i % 4 == 0)
      study.add({{"training.optimizer.name", "adam"}}, {0.4}, 0.4);
    else if (i % 4 == 2)  // has the file's own value, which was not drawn
      study.add({{"training.optimizer.name", "fixed"}, {"training.optimizer.momentum", 0.9}}, {0.4}, 0.4);
    else
      study.add({{"training.optimizer.name", "sgd"}, {"training.optimizer.momentum", momentum}}, {score},
                score);
  }
  const SearchResult search = *study.conclude().search;
  ASSERT_EQ(search.parameters.size(), 2U);
  for (const SearchParameter& parameter : search.parameters) {
    std::size_t draws = 0;
    for (const SearchLevel& level : parameter.levels) draws += level.draws;
    const bool is_within = parameter.key == "training.optimizer.momentum";
    EXPECT_EQ(draws, is_within ? 30U : 60U) << parameter.key;
    EXPECT_GT(*parameter.share, 0.7);
    if (!is_within) {
      EXPECT_EQ(parameter.levels.size(), 3U) << "adam, sgd and fixed, whatever the momentum";
    }
  }
}

std::size_t draws_of(const SearchResult& search, const std::string& key) {
  std::size_t draws = 0;
  for (const SearchParameter& parameter : search.parameters) {
    if (parameter.key != key) continue;
    for (const SearchLevel& level : parameter.levels) draws += level.draws;
  }
  return draws;
}

TEST(SearchResult, ExplainsASettingDeepWithinAChoiceByTheDrawsThatHaveIt) {
  MadeUpSearch study({}, 1);
  const core::Json range = {{"uniform", {0, 1}}};
  const core::Json schedules = {{{"name", "constant"}}, {{"name", "step"}, {"gamma", range}}};
  study.inputs.study.study["search"]["space"] = {
      {{"key", "training"},
       {"choice",
        {{{"epochs", 1}, {"optimizer", {{"name", "adam"}}}},
         {{"epochs", 2}, {"optimizer", {{"name", "lion"}, {"beta", range}}}},
         {{"epochs", 2}, {"optimizer", {{"name", "sgd"}}}, {"schedule", {{"choice", schedules}}}}}}},
      {{"key", "training.optimizer.beta"}, {"uniform", {0, 1}}, {"within", "training"}},
      {{"key", "training.schedule"}, {"choice", schedules}, {"within", "training"}},
      {{"key", "training.schedule.gamma"}, {"uniform", {0, 1}}, {"within", "training.schedule"}}};
  core::Stream stream(6, core::Purpose::kSearch);
  for (int i = 0; i < 40; ++i) {
    const char* optimizers[] = {"adam", "lion", "sgd", "sgd"};
    core::Json axes = {{"training.epochs", i % 4 == 0 ? 1 : 2},
                       {"training.optimizer.name", optimizers[i % 4]}};
    if (i % 4 == 1) axes["training.optimizer.beta"] = stream.uniform();
    if (i % 4 >= 2) axes["training.schedule.name"] = i % 4 == 2 ? "constant" : "step";
    if (i % 4 == 3) axes["training.schedule.gamma"] = stream.uniform();
    study.add(axes, {0.4 + 0.01 * i}, 0.4 + 0.01 * i);
  }
  const SearchResult search = *study.conclude().search;
  EXPECT_EQ(draws_of(search, "training"), 40U);
  EXPECT_EQ(draws_of(search, "training.optimizer.beta"), 10U) << "those with lion";
  EXPECT_EQ(draws_of(search, "training.schedule"), 20U) << "those with sgd";
  EXPECT_EQ(draws_of(search, "training.schedule.gamma"), 10U) << "half of those";
}

/// Mean of the best of n of these scores, over all N^n ways to draw them.
double by_counting(const std::vector<double>& scores, std::size_t n) {
  std::size_t ways = 1;
  for (std::size_t i = 0; i < n; ++i) ways *= scores.size();
  double sum = 0;
  for (std::size_t way = 0; way < ways; ++way) {
    double best = 0;
    for (std::size_t i = 0, rest = way; i < n; ++i, rest /= scores.size())
      best = std::max(best, scores[rest % scores.size()]);
    sum += best;
  }
  return sum / static_cast<double>(ways);
}

TEST(SearchResult, ExpectsTheBestOfABudgetAlsoWithTies) {
  MadeUpSearch study({}, 1);
  const std::vector<double> scores = {0.5, 0.8, 0.8, 0.6, 0.5};
  for (const double score : scores) study.add({}, {score}, 0.5);
  const SearchResult search = *study.conclude().search;
  ASSERT_EQ(search.budget.size(), 5U);
  for (std::size_t n = 1; n <= 5; ++n) {
    const BudgetPoint& point = search.budget[n - 1];
    EXPECT_EQ(point.draws, n);
    EXPECT_NEAR(point.expected, by_counting(scores, n), 1e-12);
    EXPECT_NEAR(point.hours, 10.0 * static_cast<double>(n) / 3600, 1e-12);
    EXPECT_LE(point.interval.low, point.expected);
    EXPECT_GE(point.interval.high, point.expected);
  }
  EXPECT_NEAR(*search.budget[4].unbiased, 0.8, 1e-12) << "all five draws";
  EXPECT_NEAR(*search.budget[0].unbiased, 0.64, 1e-12) << "the mean";
}

TEST(SearchResult, FailedDrawsCostTheBudgetToo) {
  MadeUpSearch study({}, 1);
  study.add({}, {0.5}, 0.5);
  study.add({}, {0.8}, 0.5);
  study.add({}, {}, {}, core::TrialStatus::kFailed);
  const SearchResult search = *study.conclude().search;
  ASSERT_EQ(search.budget.size(), 3U);
  EXPECT_NEAR(search.budget[0].expected, (0.5 + 0.8 + 0.5) / 3, 1e-12);
}

}  // namespace
}  // namespace segbench::conclusions
