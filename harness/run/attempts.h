// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "harness/run/outcome.h"

namespace segbench::run {

/// What became of a trial's attempt whose process has ended. The worker's own "ended" event decides; where
/// there is none, or where the scheduler stopped the worker for taking too long, one is appended.
Outcome conclude_attempt(const std::filesystem::path& trial_folder, const EndedAttempt& attempt);

}  // namespace segbench::run
