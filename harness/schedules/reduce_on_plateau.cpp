// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "harness/core/optional_json.h"
#include "harness/schedules/length.h"

// An evaluation is an improvement on the best one m when it is better than m + threshold |m| (worse for a
// metric that should be low: m - threshold |m|), or, with threshold_mode = "absolute", than m +- threshold.
// After more than `patience` evaluations in a row without one, the learning rate is multiplied by `factor`,
// and for `cooldown` evaluations none is counted.

namespace segbench::schedules::reduce_on_plateau {
namespace {

class ReduceOnPlateau final : public Schedule {
 public:
  ReduceOnPlateau(const core::Json& params, const ScheduleOptions& options)
      : factor_(params.at("factor")),
        threshold_(params.at("threshold")),
        minimum_(params.at("minimum")),
        patience_(params.at("patience")),
        cooldown_(params.at("cooldown")),
        is_relative_(params.at("threshold_mode") == "relative"),
        lower_is_better_(options.lower_is_better) {}

  double learning_rate(double initial, std::int64_t) const override { return initial * scale_; }

  void observe(std::optional<double> metric) override {
    if (is_improvement(metric)) {
      best_ = metric;
      without_improvement_ = 0;
    } else {
      ++without_improvement_;
    }
    if (cooling_ > 0) {
      --cooling_;
      without_improvement_ = 0;
    }
    if (without_improvement_ > patience_) {
      scale_ = std::max(scale_ * factor_, minimum_);
      cooling_ = cooldown_;
      without_improvement_ = 0;
    }
  }

  core::Json state() const override {
    return {{"best", core::or_null(best_)},
            {"without_improvement", without_improvement_},
            {"cooling", cooling_},
            {"scale", scale_}};
  }

  void restore(const core::Json& state) override {
    if (state.is_null()) return;  // nothing had been observed
    best_ = state.at("best").is_null() ? std::nullopt : std::optional(state.at("best").get<double>());
    without_improvement_ = state.at("without_improvement");
    cooling_ = state.at("cooling");
    scale_ = state.at("scale");
  }

 private:
  /// An undefined metric is none.
  bool is_improvement(std::optional<double> metric) const {
    if (!metric || !best_) return metric.has_value();
    const double better = (lower_is_better_ ? -1 : 1) * threshold_;
    const double bar = *best_ + (is_relative_ ? better * std::abs(*best_) : better);
    return lower_is_better_ ? *metric < bar : *metric > bar;
  }

  double factor_, threshold_, minimum_;
  std::int64_t patience_, cooldown_;
  bool is_relative_, lower_is_better_;
  std::optional<double> best_;
  std::int64_t without_improvement_ = 0, cooling_ = 0;
  double scale_ = 1;
};

std::vector<core::PartProblem> check(const core::Json&, const core::Json& variant) {
  if (variant.at("data").at("splits").at("selection") != "") return {};
  return {{".name", "needs a selection split, whose evaluations it goes by; data.splits.selection is empty"}};
}

core::ParamSpec count(const char* name, std::int64_t value, const char* help) {
  return {.name = name, .types = core::kInteger, .default_value = value, .help = help, .minimum = 0.0};
}

const core::PartRegistration described{
    {.kind = core::PartKind::kSchedule,
     .name = "reduce_on_plateau",
     .summary =
         "multiplied by a factor when the selection metric (training.select_by) has stopped to improve",
     .source = "torch.optim.lr_scheduler.ReduceLROnPlateau; Keras ReduceLROnPlateau",
     .params = {factor_param(0.1, "what the learning rate is multiplied by"),
                count("patience", 10,
                      "evaluations in a row without improvement that are put up with; the next one "
                      "lowers the learning rate"),
                {.name = "threshold",
                 .types = core::kNumber,
                 .default_value = 1e-4,
                 .help = "how much better than the best an evaluation must be to be an improvement",
                 .minimum = 0.0},
                {.name = "threshold_mode",
                 .types = core::kString,
                 .default_value = "relative",
                 .help = "whether the threshold is a fraction of the best value or a difference",
                 .choices = {"relative", "absolute"}},
                count("cooldown", 0, "evaluations after a reduction that are not counted"),
                {.name = "minimum",
                 .types = core::kNumber,
                 .default_value = 0.0,
                 .help = "fraction of the first learning rate below which it does not fall",
                 .minimum = 0.0,
                 .maximum = 1.0}},
     .traits = {{"remembers", true}},
     .check = check}};

const ScheduleFactory::Registration registered{"reduce_on_plateau",
                                               [](const core::Json& params, const ScheduleOptions& options) {
                                                 return std::make_unique<ReduceOnPlateau>(params, options);
                                               }};

}  // namespace
}  // namespace segbench::schedules::reduce_on_plateau
