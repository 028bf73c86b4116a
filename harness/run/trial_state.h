// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "harness/core/trial.h"

namespace segbench::run {

/// Where a trial stands, as its logs tell.
struct TrialState {
  core::TrialStatus status = core::TrialStatus::kPending;
  core::FailureReason reason = core::FailureReason::kNone;
  std::string message;
  std::int64_t attempts = 0;
  std::optional<std::int64_t> epoch;  ///< last one that was trained to its end
  std::optional<double> loss;         ///< of that epoch; empty when it was not finite
  std::optional<std::int64_t> selected_epoch;
  std::string selection_metric;  ///< "" before the first selection
  std::optional<double> selection_value;
  std::optional<double> seconds;  ///< that all attempts took together
  std::string host;               ///< of the last attempt
  int process = 0;                ///< of a running trial
};

/// Reads attempts.jsonl alone: status, reason, message, attempts, seconds, host and process. A trial whose
/// last attempt has not ended is running when its process lives (or ran on another host, which cannot be
/// asked), else interrupted.
TrialState read_trial_state(const std::filesystem::path& trial_folder);

/// The same with epoch, loss and selection. Reads no further into events.jsonl than to the first image of a
/// final evaluation and parses two lines of it, so that thousands of trials can be listed at once.
TrialState read_trial_progress(const std::filesystem::path& trial_folder);

}  // namespace segbench::run
