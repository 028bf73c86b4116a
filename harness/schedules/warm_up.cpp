// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/schedules/length.h"

// With W steps to warm up: r = r0 (from + (1 - from) t / W) for t < W; then what `then` says of step t - W of
// a training of T - W steps.

namespace segbench::schedules::warm_up {
namespace {

class WarmUp final : public Schedule {
 public:
  WarmUp(const core::Json& params, const ScheduleOptions& options)
      : from_(params.at("from")),
        steps_(static_cast<std::int64_t>(std::ceil(length_in_steps(params, "length", options)))) {
    ScheduleOptions left = options;
    left.steps = std::max<std::int64_t>(options.steps - steps_, 1);
    then_ = make_schedule(core::part_choice_from_json(params.at("then")), left);
  }

  double learning_rate(double initial, std::int64_t step) const override {
    if (step >= steps_) return then_->learning_rate(initial, step - steps_);
    return initial * (from_ + (1 - from_) * static_cast<double>(step) / static_cast<double>(steps_));
  }

  void observe(std::optional<double> metric) override { then_->observe(metric); }
  core::Json state() const override { return then_->state(); }
  void restore(const core::Json& state) override { then_->restore(state); }

 private:
  double from_;
  std::int64_t steps_;
  std::unique_ptr<Schedule> then_;
};

std::vector<core::PartProblem> check(const core::Json& params, const core::Json& variant) {
  const double length = params.at("length");
  const std::int64_t epochs = variant.at("training").at("epochs");
  if (params.at("unit") != "epochs" || length < static_cast<double>(epochs)) return {};
  return {
      {".length", fmt::format("must be less than the {} epochs of the training, but is {}", epochs, length)}};
}

const core::PartRegistration described{
    {.kind = core::PartKind::kSchedule,
     .name = "warm_up",
     .summary = "rises in a straight line to the learning rate, then follows another schedule as if training "
                "began there",
     .source =
         "Goyal et al., 2017, gradual warm-up; torch.optim.lr_scheduler.LinearLR (from: start_factor) and "
         "SequentialLR",
     .params = {length_param("length", 1.0, "how long the learning rate rises"),
                unit_param(),
                {.name = "from",
                 .types = core::kNumber,
                 .default_value = 0.01,
                 .help = "fraction of the learning rate that it begins with",
                 .minimum = 0.0,
                 .maximum = 1.0},
                {.name = "then",
                 .types = core::kPart,
                 .default_value = core::Json::object({{"name", "constant"}}),
                 .help = "the schedule that follows",
                 .part_of = core::PartKind::kSchedule}},
     .param_traits =
         [](const core::Json& params) {
           return core::traits_of(core::PartKind::kSchedule, core::part_choice_from_json(params.at("then")));
         },
     .check = check}};

const ScheduleFactory::Registration registered{"warm_up",
                                               [](const core::Json& params, const ScheduleOptions& options) {
                                                 return std::make_unique<WarmUp>(params, options);
                                               }};

}  // namespace
}  // namespace segbench::schedules::warm_up
