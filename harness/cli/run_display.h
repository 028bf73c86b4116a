// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/run/scheduler.h"
#include "harness/run/time_left.h"

namespace segbench::cli {

/// What a display shows of a study.
struct DisplayTotals {
  std::string study;
  std::size_t planned = 0;   ///< trials of the study that this run is about
  std::size_t complete = 0;  ///< of them, before the run
  std::size_t to_run = 0;
  int jobs = 1;
};

/// Where a display writes (stderr) and what time it is; replaced in tests.
struct DisplayPort {
  std::function<void(std::string_view)> write;
  std::function<run::TimePoint()> now;
  std::function<std::size_t()> width;
  bool colour = false;
};
DisplayPort stderr_port();

/// Shows a running study on stderr.
class RunDisplay : public run::RunObserver {
 public:
  /// A line for people that stays.
  virtual void message(const std::string& text) = 0;
};

/// One line for every start, epoch (at most every ten seconds a trial) and end.
std::unique_ptr<RunDisplay> make_plain_display(const DisplayTotals& totals, DisplayPort port);
/// A bar for the study and a line for each running trial, redrawn in place at most ten times a second. The
/// cursor is hidden, and comes back when the display is destroyed.
std::unique_ptr<RunDisplay> make_live_display(const DisplayTotals& totals, DisplayPort port);
/// Failures and messages only.
std::unique_ptr<RunDisplay> make_quiet_display(DisplayPort port);

/// "small, seed 1".
std::string trial_name(const run::Job& job);
/// "failed (diverged): the loss was nan at step 12", "complete", … on one line.
std::string outcome_text(const run::Outcome& outcome);
/// "epoch 3/25, step 4/20, loss 0.512, mIoU without background 0.310", as far as known; `left` stands behind
/// the step.
std::string progress_text(const run::WorkerProgress& progress, const std::string& left = "");

/// `before` and "3 min 2 s left"; "" when it is unknown or less than a second.
std::string left_text(std::string_view before, const std::optional<run::TimeLeft::Seconds>& left);

}  // namespace segbench::cli
