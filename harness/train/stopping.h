// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/core/json.h"
#include "harness/core/variant.h"

namespace segbench::train {

/// When training ends before its last epoch: after evaluations that bring nothing new, as Keras'
/// EarlyStopping has it, or once a wanted value is reached.
class Stopping {
 public:
  explicit Stopping(const core::TrainingConfig& training);

  /// Told the value of `select_by` after each evaluation; empty where it is undefined, which is no
  /// improvement.
  void observe(const std::optional<double>& value);
  /// "stop_at", "early_stopping", or empty: training goes on.
  const std::string& reason() const { return reason_; }

  /// For checkpoints; null while nothing has been observed.
  core::Json state() const;
  void restore(const core::Json& state);

 private:
  std::optional<std::int64_t> patience_;
  std::optional<double> stop_at_;
  double min_delta_;
  bool higher_is_better_;
  std::optional<double> best_;
  std::int64_t waited_ = 0;  ///< evaluations since the best one
  std::string reason_;
};

}  // namespace segbench::train
