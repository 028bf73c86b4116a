// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/run/outcome.h"

namespace segbench::run {

/// Number of events in the trial's attempts.jsonl: taken before an attempt, it tells its events from older
/// ones.
std::size_t count_attempt_events(const std::filesystem::path& trial_folder);

/// What became of a trial's attempt whose process has ended. The worker's own "ended" event decides; where
/// there is none, or where the scheduler stopped the worker for taking too long, one is appended.
Outcome conclude_attempt(const std::filesystem::path& trial_folder, const EndedAttempt& attempt);

/// Records in attempts.jsonl which trials of this run shared the machine with the attempt that has just
/// ended, and how many ran at a time: its times are to be read with that in mind.
void record_company(const std::filesystem::path& trial_folder, std::size_t trials_at_once,
                    const std::vector<std::string>& trial_ids);

}  // namespace segbench::run
