// SPDX-License-Identifier: MIT
#include "harness/schedules/schedule.h"

#include "harness/core/part.h"

namespace segbench::schedules {

void Schedule::observe(std::optional<double>) {}

core::Json Schedule::state() const {
  return nullptr;
}

void Schedule::restore(const core::Json&) {}

std::unique_ptr<Schedule> make_schedule(const core::PartChoice& choice, const ScheduleOptions& options) {
  const core::PartSpec& spec = core::PartRegistry::instance().get(core::PartKind::kSchedule, choice.name);
  return ScheduleFactory::instance().make(choice.name, core::with_defaults(spec, choice.params), options);
}

std::optional<core::PartChoice> chosen_schedule(const core::TrainingConfig& training) {
  if (training.schedule) return training.schedule;
  const double decay = training.optimizer.params.value("decay", 0.0);
  if (decay == 0) return std::nullopt;
  return core::PartChoice{"inverse_time", {{"decay", decay}}};
}

}  // namespace segbench::schedules
