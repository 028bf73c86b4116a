// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "harness/run/executor.h"

namespace segbench::run {

/// How far a trial is, from 0 to 1, by its optimizer steps.
double fraction_done(const WorkerProgress& progress);

/// Estimates how long running trials and the whole study will take, from how fast they went so far. A trial
/// that was resumed is judged by what it did since.
class TimeLeft {
 public:
  using Seconds = std::chrono::duration<double>;

  /// `trials` are to be run, `jobs` at a time.
  TimeLeft(std::size_t trials, int jobs) : waiting_(trials), jobs_(jobs) {}

  void started(const std::string& trial);
  void progressed(const std::string& trial, double fraction, TimePoint now);
  /// The same from what a worker says. What it says before it trains is none: a resumed trial is at 0 then
  /// and where it was interrupted a moment later.
  void progressed(const std::string& trial, const WorkerProgress& progress, TimePoint now);
  /// The trial ended; `again`: it will be started once more.
  void ended(const std::string& trial, bool again, TimePoint now);

  /// Empty before it has gone far enough to tell.
  std::optional<Seconds> of_trial(const std::string& trial, TimePoint now) const;
  std::optional<Seconds> of_study(TimePoint now) const;

 private:
  struct Pace {
    bool begun = false;
    double first = 0, last = 0;
    TimePoint first_time{}, last_time{};
  };
  /// Duration of a whole trial at this pace.
  static std::optional<Seconds> whole(const Pace& pace);

  std::map<std::string, Pace> running_;
  std::size_t waiting_;
  int jobs_;
  Seconds measured_{0};  ///< sum of the durations of whole trials
  std::size_t measurements_ = 0;
};

}  // namespace segbench::run
