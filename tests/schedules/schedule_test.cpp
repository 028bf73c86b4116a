// SPDX-License-Identifier: MIT
#include "harness/schedules/schedule.h"

#include <gtest/gtest.h>

#include <cmath>

#include "harness/core/part.h"

namespace segbench::schedules {
namespace {

constexpr ScheduleOptions kOptions{.steps = 100, .steps_per_epoch = 10};

/// One of each schedule: defaults, and what is required at its smallest sensible value.
std::vector<core::PartChoice> all_choices() {
  std::vector<core::PartChoice> choices;
  for (const core::PartSpec* spec : core::PartRegistry::instance().all(core::PartKind::kSchedule)) {
    core::PartChoice choice{spec->name, core::Json::object()};
    for (const core::ParamSpec& param : spec->params) {
      if (!param.default_value) choice.params[param.name] = param.minimum.value_or(0.0) + 1;
    }
    choices.push_back(std::move(choice));
  }
  return choices;
}

TEST(Schedules, EveryDescriptionHasAnImplementation) {
  const auto names = core::PartRegistry::instance().names(core::PartKind::kSchedule);
  EXPECT_FALSE(names.empty());
  EXPECT_EQ(ScheduleFactory::instance().names(), names);
}

TEST(Schedules, GiveAFiniteRateAtEveryStepAndAgainAfterARestore) {
  for (const core::PartChoice& choice : all_choices()) {
    SCOPED_TRACE(choice.name);
    const auto whole = make_schedule(choice, kOptions), resumed = make_schedule(choice, kOptions);
    for (std::int64_t step = 0; step < kOptions.steps; ++step) {
      const double rate = whole->learning_rate(0.1, step);
      EXPECT_TRUE(std::isfinite(rate) && rate >= 0) << "step " << step << ": " << rate;
      resumed->restore(core::Json::parse(whole->state().dump()));
      EXPECT_EQ(resumed->learning_rate(0.1, step), rate) << "step " << step;
      if ((step + 1) % kOptions.steps_per_epoch == 0) whole->observe(0.5);
    }
  }
}

TEST(InverseTime, IsKerasDecay) {
  const auto schedule = make_schedule({"inverse_time", {{"decay", 0.5}}}, kOptions);
  EXPECT_EQ(schedule->learning_rate(0.3, 0), 0.3);
  EXPECT_EQ(schedule->learning_rate(0.3, 2), 0.15);
  EXPECT_EQ(schedule->learning_rate(0.3, 4), 0.3 / 3);
}

TEST(ChosenSchedule, TakesTheOptimizersDecayForInverseTime) {
  core::TrainingConfig training;
  training.optimizer = {"sgd", {{"decay", 0.0}}};
  EXPECT_FALSE(chosen_schedule(training));
  training.optimizer.params["decay"] = 0.25;
  EXPECT_EQ(core::to_json(*chosen_schedule(training)),
            (core::Json{{"name", "inverse_time"}, {"decay", 0.25}}));
}

}  // namespace
}  // namespace segbench::schedules
