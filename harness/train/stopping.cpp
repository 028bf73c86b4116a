// SPDX-License-Identifier: MIT
#include "harness/train/stopping.h"

#include "harness/core/measures.h"
#include "harness/core/optional_json.h"

namespace segbench::train {

Stopping::Stopping(const core::TrainingConfig& training)
    : patience_(training.early_stopping_patience),
      stop_at_(training.stop_at),
      min_delta_(training.early_stopping_min_delta),
      higher_is_better_(core::find_metric(training.select_by)->higher_is_better) {}

void Stopping::observe(const std::optional<double>& value) {
  const double sign = higher_is_better_ ? 1 : -1;
  if (value && (!best_ || sign * (*value - *best_) > min_delta_)) {
    best_ = value;
    waited_ = 0;
  } else {
    ++waited_;
  }
  if (value && stop_at_ && sign * (*value - *stop_at_) >= 0) {
    reason_ = "stop_at";
  } else if (patience_ && waited_ >= *patience_) {
    reason_ = "early_stopping";
  }
}

core::Json Stopping::state() const {
  if (!patience_ && !stop_at_) return nullptr;
  return {{"best", core::or_null(best_)}, {"waited", waited_}, {"reason", reason_}};
}

void Stopping::restore(const core::Json& state) {
  if (state.is_null()) return;
  best_ = state.at("best").is_null() ? std::nullopt : std::optional(state.at("best").get<double>());
  waited_ = state.at("waited");
  reason_ = state.at("reason");
}

}  // namespace segbench::train
