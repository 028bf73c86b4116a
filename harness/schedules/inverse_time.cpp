// SPDX-License-Identifier: MIT
#include "harness/core/part.h"
#include "harness/schedules/schedule.h"

namespace segbench::schedules::inverse_time {
namespace {

class InverseTime final : public Schedule {
 public:
  explicit InverseTime(const core::Json& params) : decay_(params.at("decay")) {}

  double learning_rate(double initial, std::int64_t step) const override {
    return initial / (1.0 + decay_ * static_cast<double>(step));
  }

 private:
  double decay_;
};

const core::PartRegistration described{
    {.kind = core::PartKind::kSchedule,
     .name = "inverse_time",
     .summary = "time-based decay: step t = 0, 1, 2, … uses learning_rate / (1 + decay t); an optimizer's "
                "decay is short for it",
     .source = "Keras 2 optimizers, argument decay; tf.keras.optimizers.schedules.InverseTimeDecay with "
               "decay_steps = 1",
     .params = {{.name = "decay",
                 .types = core::kNumber,
                 .help = "how fast the learning rate falls: after 1 / decay steps it is half of the first",
                 .minimum = 0.0,
                 .exclusive_minimum = true}}}};

const ScheduleFactory::Registration registered{
    "inverse_time",
    [](const core::Json& params, const ScheduleOptions&) { return std::make_unique<InverseTime>(params); }};

}  // namespace
}  // namespace segbench::schedules::inverse_time
