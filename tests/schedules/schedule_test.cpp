// SPDX-License-Identifier: MIT
#include "harness/schedules/schedule.h"

#include <gtest/gtest.h>

#include <cmath>

#include "harness/core/part.h"

namespace segbench::schedules {
namespace {

constexpr ScheduleOptions kOptions{.steps = 100, .steps_per_epoch = 10};

/// Each schedule with each value of its choices, its lengths at the smallest sensible value where they are
/// required; one that another follows with each of the others.
std::vector<core::PartChoice> all_choices() {
  std::vector<core::PartChoice> choices;
  const auto schedules = core::PartRegistry::instance().all(core::PartKind::kSchedule);
  for (const core::PartSpec* spec : schedules) {
    core::PartChoice plain{spec->name, core::Json::object()};
    for (const core::ParamSpec& param : spec->params) {
      if (!param.default_value) plain.params[param.name] = param.minimum.value_or(0.0) + 1;
    }
    choices.push_back(plain);
    for (const core::ParamSpec& param : spec->params) {
      std::vector<core::Json> values(param.choices.begin(), param.choices.end());
      if (param.part_of) {
        for (const core::PartSpec* other : schedules) {
          values.push_back({{"name", other->name}});
          for (const core::ParamSpec& inner : other->params)
            if (!inner.default_value) values.back()[inner.name] = inner.minimum.value_or(0.0) + 1;
        }
      }
      for (const core::Json& value : values) {
        choices.push_back(plain);
        choices.back().params[param.name] = value;
      }
    }
  }
  return choices;
}

std::vector<core::PartChoice> choices_that_remember(bool wanted) {
  std::vector<core::PartChoice> choices = all_choices();
  std::erase_if(choices, [&](const core::PartChoice& choice) {
    return core::traits_of(core::PartKind::kSchedule, choice).value("remembers", false) != wanted;
  });
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

TEST(Schedules, NoneLooksAtAnythingButItsState) {
  for (const core::PartChoice& choice : all_choices()) {
    SCOPED_TRACE(choice.name);
    const auto schedule = make_schedule(choice, kOptions);
    const double later = schedule->learning_rate(0.1, 57);
    schedule->learning_rate(0.1, 3);
    EXPECT_EQ(schedule->learning_rate(0.1, 57), later);
    EXPECT_DOUBLE_EQ(schedule->learning_rate(0.2, 57), 2 * later) << "rates are multiples of the first one";
  }
}

TEST(Schedules, RememberEvaluationsIfTheySaySo) {
  for (const bool remembers : {true, false}) {
    EXPECT_GE(choices_that_remember(remembers).size(), 2U);
    for (const core::PartChoice& choice : choices_that_remember(remembers)) {
      SCOPED_TRACE(choice.name + choice.params.dump());
      const auto schedule = make_schedule(choice, kOptions);
      const double before = schedule->learning_rate(0.1, 57);
      for (int i = 0; i < 30; ++i) schedule->observe(0.5);
      EXPECT_EQ(schedule->learning_rate(0.1, 57) != before, remembers);
      EXPECT_EQ(!schedule->state().is_null(), remembers);
    }
  }
}

std::vector<core::PartProblem> problems_of(const char* name, const core::Json& params,
                                           const char* selection) {
  const auto& spec = core::PartRegistry::instance().get(core::PartKind::kSchedule, name);
  return spec.check(core::with_defaults(spec, params),
                    {{"data", {{"splits", {{"selection", selection}}}}}, {"training", {{"epochs", 10}}}});
}

TEST(ScheduleChecks, AWarmUpEndsBeforeTheTrainingDoes) {
  EXPECT_TRUE(problems_of("warm_up", {{"length", 9.5}}, "val").empty());
  EXPECT_EQ(problems_of("warm_up", {{"length", 10}}, "val").at(0).key, ".length");
  EXPECT_TRUE(problems_of("warm_up", {{"length", 10}, {"unit", "steps"}}, "val").empty());
}

TEST(ScheduleChecks, APlateauIsSeenOnASelectionSplit) {
  EXPECT_TRUE(problems_of("reduce_on_plateau", core::Json::object(), "val").empty());
  EXPECT_EQ(problems_of("reduce_on_plateau", core::Json::object(), "").size(), 1U);
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
