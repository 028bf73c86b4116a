// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/trial.h"
#include "harness/trial/attempt_log.h"
#include "harness/trial/event_summary.h"
#include "harness/trial/standing.h"
#include "harness/trial/verification.h"

namespace segbench::trial {

/// All that a trial's folder says, each file read once.
struct FolderContent {
  core::TrialSpec spec;
  TrialStanding standing;
  EventSummary events;  ///< empty of a log of a later version or of another trial
  AttemptLog attempts;
  std::optional<VerificationRecord> verification;
  std::vector<std::string> warnings;  ///< "FILE:LINE: what" of all that was left out
};

/// Reads and checks everything. Throws core::UserError when not even the trial's specification can be had
/// (spec_recovery.h).
FolderContent read_folder(const std::filesystem::path& trial_folder);

}  // namespace segbench::trial
