// SPDX-License-Identifier: MIT
#include "harness/run/time_left.h"

#include <algorithm>

namespace segbench::run {
namespace {

constexpr double kEnough = 0.02;  ///< fraction of a trial that must be seen before its pace is believed

}  // namespace

double fraction_done(const WorkerProgress& progress) {
  if (progress.epochs <= 0) return 0;
  if (progress.phase == "finish") return 1;
  if (progress.phase == "evaluate") {
    return std::clamp(static_cast<double>(progress.epoch) / static_cast<double>(progress.epochs), 0.0, 1.0);
  }
  const double step =
      progress.steps > 0 ? static_cast<double>(progress.step) / static_cast<double>(progress.steps) : 0;
  const double epochs = static_cast<double>(std::max<std::int64_t>(0, progress.epoch - 1));
  return std::clamp((epochs + std::clamp(step, 0.0, 1.0)) / static_cast<double>(progress.epochs), 0.0, 1.0);
}

void TimeLeft::started(const std::string& trial) {
  running_[trial] = {};
  if (waiting_ > 0) --waiting_;
}

void TimeLeft::progressed(const std::string& trial, double fraction, TimePoint now) {
  Pace& pace = running_[trial];
  if (!pace.begun)
    pace = {.begun = true, .first = fraction, .last = fraction, .first_time = now, .last_time = now};
  pace.last = std::max(pace.last, fraction);
  pace.last_time = now;
}

void TimeLeft::progressed(const std::string& trial, const WorkerProgress& progress, TimePoint now) {
  if (progress.phase != "start") progressed(trial, fraction_done(progress), now);
}

void TimeLeft::ended(const std::string& trial, bool again, TimePoint now) {
  const auto found = running_.find(trial);
  if (again) ++waiting_;
  if (found == running_.end()) {  // a trial that another process completed
    if (!again && waiting_ > 0) --waiting_;
    return;
  }
  Pace pace = found->second;
  running_.erase(found);
  pace.last_time = now;
  if (const auto duration = whole(pace); duration && !again) measured_ += *duration, ++measurements_;
}

std::optional<TimeLeft::Seconds> TimeLeft::whole(const Pace& pace) {
  const double done = pace.last - pace.first;
  if (!pace.begun || done < kEnough) return std::nullopt;
  return Seconds(pace.last_time - pace.first_time) / done;
}

std::optional<TimeLeft::Seconds> TimeLeft::of_trial(const std::string& trial, TimePoint now) const {
  const auto found = running_.find(trial);
  if (found == running_.end()) return std::nullopt;
  const auto duration = whole(found->second);
  if (!duration) return std::nullopt;
  const Seconds left = *duration * (1 - found->second.last) - Seconds(now - found->second.last_time);
  return std::max(left, Seconds(0));
}

std::optional<TimeLeft::Seconds> TimeLeft::of_study(TimePoint now) const {
  Seconds typical = measured_, work{0};
  std::size_t known = measurements_;
  for (const auto& [trial, pace] : running_) {
    if (const auto duration = whole(pace)) typical += *duration, ++known;
  }
  if (known == 0) return std::nullopt;
  typical /= static_cast<double>(known);
  Seconds longest{0};
  for (const auto& [trial, pace] : running_) {
    const Seconds left = of_trial(trial, now).value_or(typical);
    work += left;
    longest = std::max(longest, left);
  }
  work += typical * static_cast<double>(waiting_);
  return std::max(longest, work / static_cast<double>(std::max(1, jobs_)));
}

}  // namespace segbench::run
