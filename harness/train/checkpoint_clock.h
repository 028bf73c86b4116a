// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>

namespace segbench::train {

/// When the next checkpoint is due: `seconds` after the last one, or 50 times what that one cost when that is
/// longer, so that checkpoints never take more than two percent of the time. With 0 seconds one is due after
/// every epoch and at no other time.
class CheckpointClock {
 public:
  using Clock = std::chrono::steady_clock;
  explicit CheckpointClock(double seconds) : seconds_(seconds) {}

  bool is_due(Clock::time_point now = Clock::now()) const {
    return seconds_ > 0 &&
           std::chrono::duration<double>(now - last_).count() >= std::max(seconds_, 50 * cost_);
  }
  bool is_due_after_epoch(Clock::time_point now = Clock::now()) const { return seconds_ == 0 || is_due(now); }
  /// A checkpoint was written between the two times.
  void written(Clock::time_point begin, Clock::time_point end) {
    last_ = end;
    cost_ = std::chrono::duration<double>(end - begin).count();
  }

 private:
  double seconds_;
  double cost_ = 0;
  Clock::time_point last_ = Clock::now();
};

}  // namespace segbench::train
