// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "harness/run/runs_folder.h"
#include "harness/trial/state.h"

namespace segbench::serve {

/// A study as its logs say at one moment.
struct Snapshot {
  std::string study, question;
  std::vector<run::ListedTrial> trials;
  std::vector<trial::TrialState> states;  ///< of the trials, in their order
  std::vector<bool> is_over;  ///< of the trials: complete, failed, or a draw that its search has done with
  trial::StatusCounts counts;
  std::string version;   ///< another one whenever anything below the names has changed
  std::string outcomes;  ///< another one whenever a trial has begun or ended, or the plan has changed

  /// The index of a trial by its whole id; trials.size() when there is none.
  std::size_t index_of(std::string_view trial_id) const;
};

/// Reads a study's logs for everybody who asks, no more often than once a second and never for more than a
/// tenth of the time; what has ended is not read again. Reads only.
class StudyWatch {
 public:
  /// Throws core::UserError when the study cannot be read.
  StudyWatch(std::filesystem::path runs, std::string study);

  /// The study as it is, or was a moment ago. A study that cannot be read any more stays as it was.
  std::shared_ptr<const Snapshot> now();
  const std::filesystem::path& runs() const { return runs_; }
  const std::string& study() const { return study_; }

 private:
  /// By which it shows that a log has changed.
  struct Stamp {
    std::uintmax_t events = 0, attempts = 0;
    std::filesystem::file_time_type events_time{}, attempts_time{};
    bool operator==(const Stamp&) const = default;
  };
  struct Known {
    Stamp stamp;
    trial::TrialState state;
  };
  static Stamp stamp_of(const std::filesystem::path& folder);
  std::shared_ptr<const Snapshot> read();

  const std::filesystem::path runs_;
  const std::string study_;
  std::mutex mutex_;
  std::map<std::string, Known> known_;  ///< trials that have ended, or not begun, by id
  std::shared_ptr<const Snapshot> snapshot_;
  std::chrono::steady_clock::time_point look_again_{};
};

}  // namespace segbench::serve
