// SPDX-License-Identifier: MIT
#pragma once

#include "harness/core/trial.h"
#include "harness/trial/event_log.h"

namespace segbench::tests {

/// The least that makes a trial complete: a log that begins and ends.
inline void write_whole_log(const std::filesystem::path& trial_folder) {
  trial::EventWriter events(trial_folder / core::kEventsFile, 0, trial::LogKind::kChained);
  events.append("trial", {{"schema", 1}, {"trial_id", trial_folder.filename().string()}});
  events.append("finished", {{"epochs", 1}});
}

}  // namespace segbench::tests
