// SPDX-License-Identifier: MIT
#include "harness/serve/report_keeper.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "harness/core/text.h"
#include "harness/run/study_plan.h"
#include "reports/report.h"

namespace segbench::serve {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kLeastPause{5};
constexpr int kPause = 2;  ///< times as long as the last one took
constexpr int kKept = 2;   ///< reports: a browser may still be loading the one before the newest

std::map<std::string, fs::path> files_below(const fs::path& folder) {
  std::map<std::string, fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && !entry.is_symlink())
      files.emplace(fs::relative(entry.path(), folder).generic_string(), entry.path());
  }
  return files;
}

}  // namespace

ReportKeeper::ReportKeeper(StudyWatch& watch, fs::path scratch, bool plots)
    : watch_(watch),
      scratch_(std::move(scratch)),
      plots_(plots),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

ReportState ReportKeeper::want() {
  std::shared_ptr<const Snapshot> snapshot = watch_.now();
  const std::lock_guard lock(mutex_);
  if (snapshot->outcomes != made_of_) {
    wanted_ = std::move(snapshot);
    changed_.notify_all();
  }
  return state_;
}

std::optional<fs::path> ReportKeeper::file(int number, const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto report = kept_.find(number);
  if (report == kept_.end()) return std::nullopt;
  const auto found = report->second.files.find(name);
  return found == report->second.files.end() ? std::nullopt : std::optional(found->second);
}

void ReportKeeper::import_changed(const Snapshot& snapshot) {
  if (!store_) store_ = store::Store::open(scratch_ / "results.sqlite");
  store_->import_study(run::study_folder(watch_.runs(), watch_.study()));
  for (std::size_t i = 0; i < snapshot.trials.size(); ++i) {
    const trial::TrialState& state = snapshot.states[i];
    if (state.status == core::TrialStatus::kPending && state.attempts == 0) continue;
    const std::string now = fmt::format("{} {}", core::to_string(state.status), state.attempts);
    std::string& known = imported_[snapshot.trials[i].trial_id];
    if (known == now) continue;
    store_->import_trial(snapshot.trials[i].folder, watch_.runs());
    known = now;
  }
}

ReportKeeper::Kept ReportKeeper::make(const Snapshot& snapshot, int number) {
  import_changed(snapshot);
  Kept kept{.folder = scratch_ / fmt::format("report-{}", number), .files = {}};
  reports::ReportOptions options;
  options.plots = plots_;
  options.output = kept.folder;
  reports::write_report(*store_, watch_.runs(), watch_.study(), options);
  kept.files = files_below(kept.folder);
  return kept;
}

void ReportKeeper::work(const std::stop_token& stop) {
  while (true) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait(lock, stop, [&] { return wanted_ != nullptr; }) || stop.stop_requested()) return;
    const std::shared_ptr<const Snapshot> snapshot = std::exchange(wanted_, nullptr);
    const int number = state_.number + 1;
    made_of_ = snapshot->outcomes;
    state_.is_being_made = true;
    lock.unlock();
    const auto begin = std::chrono::steady_clock::now();
    Kept kept;
    std::string problem;
    try {
      kept = make(*snapshot, number);
    } catch (const std::exception& error) {
      // A study of which no report can be made yet, a full disk, a damaged log: told where the report would
      // be.
      problem = error.what();
      std::error_code ignored;
      fs::remove_all(scratch_ / fmt::format("report-{}", number), ignored);
    }
    lock.lock();
    state_.is_being_made = false;
    state_.problem = problem;
    if (problem.empty()) {
      state_.number = number;
      state_.made = core::utc_timestamp();
      state_.complete = snapshot->counts.of(core::TrialStatus::kComplete);
      kept_[number] = std::move(kept);
      std::error_code ignored;
      while (kept_.size() > kKept) {
        fs::remove_all(kept_.begin()->second.folder, ignored);
        kept_.erase(kept_.begin());
      }
    }
    const auto took = std::chrono::steady_clock::now() - begin;
    const auto pause = std::max<std::chrono::steady_clock::duration>(kLeastPause, took * kPause);
    changed_.wait_for(lock, stop, pause, [] { return false; });
  }
}

}  // namespace segbench::serve
