// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <numbers>

#include "harness/core/part.h"
#include "harness/schedules/schedule.h"

// With r the optimizer's learning rate, which is the largest: from r / start to r in the first `rise` of the
// steps, then down to r / (start end), each along half a cosine or a straight line. As in PyTorch the
// stretches end at the steps rise T - 1 and T - 1.

namespace segbench::schedules::one_cycle {
namespace {

class OneCycle final : public Schedule {
 public:
  OneCycle(const core::Json& params, const ScheduleOptions& options)
      : start_(1 / params.at("start_divisor").get<double>()),
        end_(start_ / params.at("end_divisor").get<double>()),
        top_(params.at("rise").get<double>() * static_cast<double>(options.steps) - 1),
        last_(static_cast<double>(options.steps) - 1),
        is_linear_(params.at("anneal") == "linear") {}

  double learning_rate(double initial, std::int64_t step) const override {
    const auto t = static_cast<double>(step);
    if (t <= top_) return initial * between(start_, 1, top_ > 0 ? t / top_ : 1);
    return initial * between(1, end_, std::min(1.0, last_ > top_ ? (t - top_) / (last_ - top_) : 1));
  }

 private:
  double between(double from, double to, double fraction) const {
    if (is_linear_) return from + (to - from) * fraction;
    return to + (from - to) / 2 * (1 + std::cos(std::numbers::pi * fraction));
  }

  double start_, end_, top_, last_;
  bool is_linear_;
};

core::ParamSpec divisor(const char* name, double value, const char* help) {
  return {.name = name, .types = core::kNumber, .default_value = value, .help = help, .minimum = 1.0};
}

const core::PartRegistration described{
    {.kind = core::PartKind::kSchedule,
     .name = "one_cycle",
     .summary = "rises to the optimizer's learning rate and falls far below where it began; momentum stays",
     .source =
         "Smith and Topin, 2019; torch.optim.lr_scheduler.OneCycleLR (two phases, cycle_momentum = False)",
     .params = {{.name = "rise",
                 .types = core::kNumber,
                 .default_value = 0.3,
                 .help = "fraction of the steps in which the learning rate rises",
                 .minimum = 0.0,
                 .maximum = 1.0,
                 .exclusive_minimum = true,
                 .exclusive_maximum = true},
                divisor("start_divisor", 25.0, "the first learning rate is the largest divided by this"),
                divisor("end_divisor", 1e4, "the last learning rate is the first divided by this"),
                {.name = "anneal",
                 .types = core::kString,
                 .default_value = "cosine",
                 .help = "the way up and down",
                 .choices = {"cosine", "linear"}}}}};

const ScheduleFactory::Registration registered{"one_cycle",
                                               [](const core::Json& params, const ScheduleOptions& options) {
                                                 return std::make_unique<OneCycle>(params, options);
                                               }};

}  // namespace
}  // namespace segbench::schedules::one_cycle
