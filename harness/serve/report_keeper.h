// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "harness/core/trial.h"
#include "harness/serve/study_watch.h"
#include "results/store/store.h"

namespace segbench::serve {

/// The newest report of a study, and what is being done about it.
struct ReportState {
  int number = 0;            ///< of the newest report, from 1; 0 before the first
  std::string made;          ///< UTC time stamp
  std::size_t complete = 0;  ///< trials that it stands on
  bool is_being_made = false;
  std::string problem;  ///< why there is no newer one; "" when all is well
};

/// Keeps a report of a running study up to date, in a scratch folder of its own: from the trials' logs, over
/// a store that nobody else uses. A thread makes it when somebody wants it, a trial has begun or ended since,
/// and the last one is long enough ago: it never works more than a third of the time.
class ReportKeeper {
 public:
  /// `scratch` is an empty folder. Plots are drawn with gnuplot where `plots` says so.
  ReportKeeper(StudyWatch& watch, std::filesystem::path scratch, bool plots = true);
  ReportKeeper(const ReportKeeper&) = delete;
  ReportKeeper& operator=(const ReportKeeper&) = delete;

  /// Asks for a report of the study as it is now; returns what there is.
  ReportState want();
  /// A file of a report that is still there, the newest one or the one before, by its name as a link in the
  /// page has it
  /// ("index.html", "plots/strip.svg"). Only files that the report was seen to hold are found.
  std::optional<std::filesystem::path> file(int number, const std::string& name);

 private:
  struct Kept {
    std::filesystem::path folder;
    std::map<std::string, std::filesystem::path> files;
  };
  void work(const std::stop_token& stop);
  Kept make(const Snapshot& snapshot, int number);
  void import_changed(const Snapshot& snapshot);

  StudyWatch& watch_;
  const std::filesystem::path scratch_;
  const bool plots_;
  std::optional<store::Store> store_;            ///< of the thread
  std::map<std::string, std::string> imported_;  ///< of the thread: a trial's state as the store has it
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::shared_ptr<const Snapshot> wanted_;
  std::string made_of_;  ///< Snapshot::outcomes of the newest report or attempt
  std::map<int, Kept> kept_;
  ReportState state_;
  std::jthread thread_;  ///< the last member: it ends first
};

}  // namespace segbench::serve
