// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "harness/core/trial.h"
#include "harness/trial/attempt_log.h"

// Where a trial stands, as its logs tell: the one answer that `run`, `status`, `import`, `verify`, the store
// and the worker share.

namespace segbench::trial {

enum class LogState {
  kAbsent,    ///< no event
  kOpen,      ///< consistent as far as it goes
  kWhole,     ///< consistent, and its last event is "finished"
  kDiverged,  ///< consistent, and its last event is "diverged"
  kDamaged,   ///< edited, with missing lines, or of another trial
  kNewer,     ///< of a later version of Segbench, which this one cannot read
};

/// What events.jsonl is worth as evidence.
struct LogEvidence {
  LogState state = LogState::kAbsent;
  std::string defect;   ///< of a damaged or newer log: "events.jsonl, line 12: …"
  bool trained = true;  ///< of a whole log; an ensemble trains nothing and leaves no weights
};

/// Judges the text of an events.jsonl. A torn last line, which a killed writer leaves, is passed over. Parses
/// two lines and follows the chain of all (log_chain.h): 100 KB take about 0.05 ms.
LogEvidence judge_log(std::string_view events, const std::filesystem::path& trial_folder);

/// The same of a trial's log.
LogEvidence read_evidence(const std::filesystem::path& trial_folder);

/// How many bytes of a trial's log stand before the first line that is damaged or torn: as far as a
/// checkpoint may refer.
std::uint64_t sound_bytes(const std::filesystem::path& trial_folder);

/// The text of a trial's events.jsonl; "" when there is none.
std::string read_log_text(const std::filesystem::path& trial_folder);

struct TrialStanding {
  core::TrialStatus status = core::TrialStatus::kPending;
  core::FailureReason reason = core::FailureReason::kNone;
  std::string message;  ///< why it failed, or why it does not count as complete
  std::int64_t attempts = 0;
  std::optional<double> seconds;  ///< that all attempts took together; never negative
  std::string host;               ///< of the last attempt
  std::string gpu;                ///< model of the GPU of the last attempt; "": it ran on a CPU
  int process = 0;                ///< of a running trial
  LogEvidence log;
  bool is_recorded = false;  ///< attempts.jsonl says of the last attempt that it completed the trial
  bool unproven = false;     ///< it is said to be complete, or was trained, but its log does not show it
};

/// A trial is complete when its log is whole, and only then: whatever attempts.jsonl says. Else the end of
/// the last attempt decides; the scheduler's word on an attempt, which stands behind the worker's, counts. A
/// trial whose last attempt has not ended is running when its process lives (or ran on another host, which
/// cannot be asked), else interrupted. A log of a later version is failed: nothing of it is read or replaced.
TrialStanding read_trial_standing(const std::filesystem::path& trial_folder);
/// The same with its logs at hand.
TrialStanding judge_trial(const std::filesystem::path& trial_folder, std::string_view events,
                          const AttemptLog& attempts);

/// What makes a trial start from its beginning although files of an earlier training are there: these are
/// moved into `aside/1`, `aside/2`, … of its folder, so that nothing is lost. Returns that folder; "" when
/// there was nothing to move.
std::filesystem::path set_aside(const std::filesystem::path& trial_folder);

inline constexpr const char* kAsideFolder = "aside";

}  // namespace segbench::trial
