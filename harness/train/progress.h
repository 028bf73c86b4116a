// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace segbench::train {

/// Where a trial stands: one progress line of core/worker_protocol.h.
struct ProgressState {
  const char* phase = "start";
  std::int64_t epoch = 0, epochs = 0, step = 0, steps = 0;
  std::optional<double> loss = {};
  std::string metric = {};           ///< that epochs are selected by
  std::optional<double> score = {};  ///< of the last evaluation by it
};

/// Writes progress lines to an inherited descriptor: at most ten a second, and none that would have to wait.
class Progress {
 public:
  /// `descriptor` -1: nothing is written.
  Progress(int descriptor, std::string trial_id);

  /// `always`: not held back by the rate, for changes of phase.
  void report(const ProgressState& state, bool always = false);
  /// True when report() would write now; asked before a loss is fetched from a device.
  bool is_due() const;

 private:
  int descriptor_;
  std::string trial_id_;
  std::chrono::steady_clock::time_point next_{};
};

}  // namespace segbench::train
