// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "harness/schedules/schedule.h"

// Each schedule against numbers that come another way: the recursions of PyTorch's lr_scheduler (which has
// each rate from the one before) and tables computed from the definitions of PyTorch and Keras.

namespace segbench::schedules {
namespace {

constexpr ScheduleOptions kTenSteps{.steps = 10, .steps_per_epoch = 2};

void expect_rates(const core::PartChoice& choice, const ScheduleOptions& options, double initial,
                  const std::vector<double>& expected) {
  const auto schedule = make_schedule(choice, options);
  for (std::size_t t = 0; t < expected.size(); ++t) {
    const double rate = schedule->learning_rate(initial, static_cast<std::int64_t>(t));
    EXPECT_NEAR(rate, expected[t], 1e-14) << choice.name << choice.params.dump() << ", step " << t;
  }
}

TEST(Constant, Stays) {
  expect_rates({"constant"}, kTenSteps, 0.3, {0.3, 0.3, 0.3, 0.3});
}

TEST(Step, IsStepLR) {
  // StepLR(step_size = 2, gamma = 0.5), an epoch of two steps.
  expect_rates({"step", {{"every", 2}, {"factor", 0.5}}}, kTenSteps, 0.8,
               {0.8, 0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.4, 0.2, 0.2});
  expect_rates({"step", {{"every", 3}, {"unit", "steps"}}}, kTenSteps, 0.5,
               {0.5, 0.5, 0.5, 0.05, 0.05, 0.05, 0.005, 0.005, 0.005, 0.0005});
}

TEST(Exponential, IsExponentialLRWhereAnEpochBegins) {
  std::vector<double> expected;
  double rate = 0.4;
  for (int t = 0; t < 10; ++t, rate *= std::sqrt(0.9)) expected.push_back(rate);  // an epoch of two steps
  expect_rates({"exponential", {{"factor", 0.9}}}, kTenSteps, 0.4, expected);
  // Keras ExponentialDecay(0.1, decay_steps = 4, decay_rate = 0.5)
  expect_rates({"exponential", {{"every", 4}, {"unit", "steps"}, {"factor", 0.5}}}, kTenSteps, 0.1,
               {0.1, 0.0840896415253715, 0.0707106781186548, 0.0594603557501361, 0.05});
}

TEST(Polynomial, IsKerasPolynomialDecay) {
  // PolynomialDecay(0.1, decay_steps = 10, end_learning_rate = 0.001, power = 0.9)
  expect_rates({"polynomial", {{"final", 0.01}}}, kTenSteps, 0.1,
               {0.1, 0.09104372503221327, 0.08198716245903499, 0.07281636684678477, 0.06351314088144618,
                0.05405278639554651, 0.04439994576485461, 0.03449996272826334, 0.02425745507314277,
                0.01346336157676225});
  expect_rates({"polynomial", {{"power", 1}}}, kTenSteps, 1,
               {1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1});
}

TEST(Cosine, IsTheRecursionOfCosineAnnealingLR) {
  std::vector<double> expected = {0.1};
  const double lowest = 0.001;
  for (int t = 1; t < 10; ++t) {
    const double ratio =
        (1 + std::cos(std::numbers::pi * t / 10)) / (1 + std::cos(std::numbers::pi * (t - 1) / 10));
    expected.push_back(ratio * (expected.back() - lowest) + lowest);
  }
  expect_rates({"cosine", {{"final", 0.01}}}, kTenSteps, 0.1, expected);
  EXPECT_NEAR(make_schedule({"cosine"}, kTenSteps)->learning_rate(0.1, 10), 0, 1e-17);
}

TEST(OneCycle, IsOneCycleLR) {
  // OneCycleLR(max_lr = 0.1, total_steps = 10)
  expect_rates({"one_cycle"}, kTenSteps, 0.1,
               {0.004000000000000004, 0.052, 0.1, 0.09504846320134738, 0.08117456539497631,
                0.06112620219362893, 0.03887419780637107, 0.0188258346050237, 0.004951936798652629, 4e-07});
  expect_rates({"one_cycle", {{"anneal", "linear"}}}, kTenSteps, 0.1,
               {0.004, 0.052, 0.1, 0.08571434285714286, 0.07142868571428572, 0.05714302857142858,
                0.04285737142857143, 0.02857171428571428, 0.01428605714285715, 3.999999999976245e-07});
}

TEST(WarmUp, IsLinearLRAndThenTheOther) {
  std::vector<double> expected = {0.1 * 0.25};
  for (int t = 1; t <= 4;
       ++t)  // LinearLR(start_factor = 0.25, total_iters = 4), as it has each from the last
    expected.push_back(expected.back() * (1 + 0.75 / (4 * 0.25 + (t - 1) * 0.75)));
  const auto cosine = make_schedule({"cosine"}, {.steps = 6, .steps_per_epoch = 2});
  for (int t = 1; t < 6; ++t) expected.push_back(cosine->learning_rate(0.1, t));
  const core::Json then = {{"name", "cosine"}};
  expect_rates({"warm_up", {{"length", 2}, {"from", 0.25}, {"then", then}}}, kTenSteps, 0.1, expected);
  expect_rates({"warm_up", {{"length", 4}, {"unit", "steps"}, {"from", 0.25}, {"then", then}}}, kTenSteps,
               0.1, expected);
}

/// The rate after each of these evaluations.
std::vector<double> observed(const core::PartChoice& choice, bool lower_is_better,
                             const std::vector<std::optional<double>>& metrics) {
  const auto schedule =
      make_schedule(choice, {.steps = 100, .steps_per_epoch = 1, .lower_is_better = lower_is_better});
  std::vector<double> rates;
  for (const auto& metric : metrics) {
    schedule->observe(metric);
    rates.push_back(schedule->learning_rate(1, 0));
  }
  return rates;
}

TEST(ReduceOnPlateau, WaitsForAsManyEvaluationsAsItsPatience) {
  const core::PartChoice choice{"reduce_on_plateau", {{"patience", 1}, {"factor", 0.5}, {"minimum", 0.2}}};
  EXPECT_EQ(observed(choice, false, {0.5, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.7}),
            (std::vector<double>{1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.2, 0.2}));
  EXPECT_EQ(observed(choice, true, {0.5, 0.4, 0.4, 0.3, 0.4, 0.35}),
            (std::vector<double>{1, 1, 1, 1, 1, 0.5}));
}

TEST(ReduceOnPlateau, AnImprovementIsOneAboveTheThreshold) {
  const auto with = [](const char* mode) {
    return core::PartChoice{"reduce_on_plateau",
                            {{"patience", 0}, {"factor", 0.5}, {"threshold", 0.1}, {"threshold_mode", mode}}};
  };
  EXPECT_EQ(observed(with("relative"), false, {0.5, 0.56, 0.6}), (std::vector<double>{1, 1, 0.5}));
  EXPECT_EQ(observed(with("absolute"), false, {0.5, 0.56, 0.61}), (std::vector<double>{1, 0.5, 0.5}));
  EXPECT_EQ(observed(with("relative"), true, {-0.5, -0.56, -0.6}), (std::vector<double>{1, 1, 0.5}));
}

TEST(ReduceOnPlateau, CoolsDownAndTakesNothingForNoImprovement) {
  const core::PartChoice choice{"reduce_on_plateau", {{"patience", 0}, {"factor", 0.5}, {"cooldown", 2}}};
  EXPECT_EQ(observed(choice, false, {0.5, 0.5, 0.5, 0.5, 0.5}),
            (std::vector<double>{1, 0.5, 0.5, 0.5, 0.25}));
  EXPECT_EQ(observed(choice, false, {std::nullopt, 0.5, std::nullopt}), (std::vector<double>{0.5, 0.5, 0.5}));
}

TEST(ReduceOnPlateau, GoesOnWhereItsStateWasSaved) {
  const core::PartChoice choice{
      "warm_up",
      {{"length", 1},
       {"then", {{"name", "reduce_on_plateau"}, {"patience", 1}, {"cooldown", 1}, {"factor", 0.3}}}}};
  const ScheduleOptions options{.steps = 100, .steps_per_epoch = 1};
  const auto whole = make_schedule(choice, options);
  core::Json saved = whole->state();
  for (const double metric : {0.5, 0.5, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.7, 0.7}) {
    const auto resumed = make_schedule(choice, options);
    resumed->restore(core::Json::parse(saved.dump()));
    whole->observe(metric);
    resumed->observe(metric);
    EXPECT_EQ(resumed->learning_rate(0.1, 5), whole->learning_rate(0.1, 5));
    EXPECT_EQ(resumed->state(), whole->state());
    saved = whole->state();
  }
  EXPECT_LT(whole->learning_rate(0.1, 5), 0.03);
}

}  // namespace
}  // namespace segbench::schedules
