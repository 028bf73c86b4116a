// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "harness/core/factory.h"
#include "harness/core/variant.h"

namespace segbench::schedules {

/// What a schedule is built for.
struct ScheduleOptions {
  std::int64_t steps = 0;            ///< updates of the whole training, over all epochs
  std::int64_t steps_per_epoch = 0;  ///< updates of one epoch
  bool lower_is_better = false;      ///< of the metric that epochs are selected by
};

// The trait "remembers" is true of a schedule whose rates depend on earlier evaluations; absent: false.

/// How the learning rate changes while a network is trained. It knows the step, the number of all steps, and
/// what the selection split says after each evaluation.
class Schedule {
 public:
  virtual ~Schedule() = default;

  /// The learning rate of update `step` = 0, 1, 2, …, where training began with `initial`.
  virtual double learning_rate(double initial, std::int64_t step) const = 0;

  /// Told after each evaluation on the selection split: the metric that epochs are selected by
  /// (training.select_by); empty where it is undefined. The next step comes after it.
  virtual void observe(std::optional<double> metric);

  /// What learning_rate() depends on apart from its arguments, for checkpoints; null where that is nothing.
  virtual core::Json state() const;
  /// Takes what state() gave.
  virtual void restore(const core::Json& state);
};

using ScheduleFactory = core::Factory<Schedule, core::Json, ScheduleOptions>;

/// Builds a schedule; absent parameters take their default. Throws core::UserError for an unknown name.
std::unique_ptr<Schedule> make_schedule(const core::PartChoice& choice, const ScheduleOptions& options);

/// The schedule of a resolved variant: training.schedule, or the one that the optimizer's `decay` stands for
/// (inverse_time); empty where the learning rate is constant.
std::optional<core::PartChoice> chosen_schedule(const core::TrainingConfig& training);

}  // namespace segbench::schedules
