// SPDX-License-Identifier: MIT
#include <cmath>

#include "harness/schedules/length.h"

// r = r0 factor^(t / every), changing with every step.

namespace segbench::schedules::exponential {
namespace {

class Exponential final : public Schedule {
 public:
  Exponential(const core::Json& params, const ScheduleOptions& options)
      : factor_(params.at("factor")), every_(length_in_steps(params, "every", options)) {}

  double learning_rate(double initial, std::int64_t step) const override {
    return initial * std::pow(factor_, static_cast<double>(step) / every_);
  }

 private:
  double factor_, every_;
};

const core::PartRegistration described{
    {.kind = core::PartKind::kSchedule,
     .name = "exponential",
     .summary = "falls by a factor in every so many epochs or steps, a little with each step",
     .source = "tf.keras.optimizers.schedules.ExponentialDecay (every: decay_steps); "
               "torch.optim.lr_scheduler.ExponentialLR where an epoch begins",
     .params = {length_param("every", 1.0, "length in which the learning rate falls by the factor"),
                unit_param(), factor_param(0.95, "what the learning rate has fallen to after that")}}};

const ScheduleFactory::Registration registered{"exponential",
                                               [](const core::Json& params, const ScheduleOptions& options) {
                                                 return std::make_unique<Exponential>(params, options);
                                               }};

}  // namespace
}  // namespace segbench::schedules::exponential
