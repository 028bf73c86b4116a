// SPDX-License-Identifier: MIT
#include <cmath>

#include "harness/schedules/length.h"

// r = r0 factor^floor(t / every).

namespace segbench::schedules::step {
namespace {

class Step final : public Schedule {
 public:
  Step(const core::Json& params, const ScheduleOptions& options)
      : factor_(params.at("factor")), every_(length_in_steps(params, "every", options)) {}

  double learning_rate(double initial, std::int64_t step) const override {
    return initial * std::pow(factor_, std::floor(static_cast<double>(step) / every_));
  }

 private:
  double factor_, every_;
};

const core::PartRegistration described{
    {.kind = core::PartKind::kSchedule,
     .name = "step",
     .summary = "multiplied by a factor after every so many epochs or steps",
     .source = "torch.optim.lr_scheduler.StepLR",
     .params = {length_param("every", std::nullopt, "length of a stretch with one learning rate"),
                unit_param(),
                factor_param(0.1, "what the learning rate is multiplied by after each stretch")}}};

const ScheduleFactory::Registration registered{"step",
                                               [](const core::Json& params, const ScheduleOptions& options) {
                                                 return std::make_unique<Step>(params, options);
                                               }};

}  // namespace
}  // namespace segbench::schedules::step
