// SPDX-License-Identifier: MIT
#pragma once

#include <ctime>
#include <filesystem>
#include <string>

#include "harness/trial/standing.h"

namespace segbench::trial {

/// What the file system tells of a trial's logs, so that thousands of them need not be read again to see that
/// nothing has changed. A program that writes a log and puts its time of change back cannot put back the time
/// of the last change of its inode, which `place` holds.
struct LogStamp {
  std::string content = {};  ///< size and time of change of events.jsonl and attempts.jsonl
  /// Inode and time of its last change of both, and time of change of the folder: other ones after a copy.
  std::string place = {};
  bool operator==(const LogStamp&) const = default;
};

/// Three system calls; logs that are not there have stamps, too.
LogStamp read_stamp(const std::filesystem::path& trial_folder);

/// Whether the standing stays as long as the stamp does: the trial has ended for good, its log is of no later
/// version of Segbench, and nothing was changed within the last two seconds, in which a further change could
/// bear the same time.
bool is_settled(const std::filesystem::path& trial_folder, const TrialStanding& standing, std::time_t now);

}  // namespace segbench::trial
