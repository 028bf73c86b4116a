// SPDX-License-Identifier: MIT
#include "harness/serve/study_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/core/error.h"
#include "harness/core/hash.h"
#include "harness/core/json.h"
#include "harness/core/parallel.h"
#include "harness/core/trial.h"
#include "harness/run/study_plan.h"
#include "harness/trial/looks_log.h"

namespace segbench::serve {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kLeastInterval{1'000};
constexpr int kShareOfTime = 10;  ///< reading takes at most one part in so many
constexpr std::size_t kTrialsAtOnce = 32;

void stamp_file(const fs::path& file, std::uintmax_t& size, fs::file_time_type& time) {
  std::error_code absent;
  size = fs::file_size(file, absent);
  if (absent) size = 0;
  time = fs::last_write_time(file, absent);
}

std::string question_of(const core::Json& study) {
  const core::Json question = study.is_object() ? study.value("question", core::Json()) : core::Json();
  return question.is_string() ? question.get<std::string>() : "";
}

/// A number for a text that is no undefined one's.
std::string told(const std::optional<double>& value) {
  return value ? fmt::format("{}", *value) : "-";
}

/// Which trials nothing more is done about.
void note_ends(Snapshot& snapshot, const core::Json& study) {
  const std::set<std::string> left_as_they_are =
      trial::is_search_finished(study) ? trial::drawn_variants(study) : std::set<std::string>();
  for (std::size_t i = 0; i < snapshot.trials.size(); ++i) {
    const core::TrialStatus status = snapshot.states[i].status;
    snapshot.is_over.push_back(
        status == core::TrialStatus::kComplete || status == core::TrialStatus::kFailed ||
        (status != core::TrialStatus::kRunning && left_as_they_are.contains(snapshot.trials[i].variant_id)));
  }
}

void summarise(Snapshot& snapshot) {
  core::Sha256 all, outcomes;
  for (std::size_t i = 0; i < snapshot.trials.size(); ++i) {
    const trial::TrialState& state = snapshot.states[i];
    snapshot.counts.add(state);
    const std::string outcome =
        fmt::format("{} {} {}\n", snapshot.trials[i].trial_id, core::to_string(state.status), state.attempts);
    outcomes.update(outcome);
    all.update(outcome);
    all.update(fmt::format("{} {} {} {} {}\n", state.epoch.value_or(0), told(state.loss),
                           told(state.selection_value), state.message, snapshot.is_over[i] ? 1 : 0));
  }
  all.update(snapshot.study + '\n' + snapshot.question);
  snapshot.version = all.hex_digest().substr(0, 16);
  snapshot.outcomes = outcomes.hex_digest().substr(0, 16);
}

}  // namespace

std::size_t Snapshot::index_of(std::string_view trial_id) const {
  const auto found = std::find_if(trials.begin(), trials.end(),
                                  [&](const run::ListedTrial& trial) { return trial.trial_id == trial_id; });
  return static_cast<std::size_t>(found - trials.begin());
}

StudyWatch::StudyWatch(std::filesystem::path runs, std::string study)
    : runs_(std::move(runs)), study_(std::move(study)), snapshot_(read()) {}

StudyWatch::Stamp StudyWatch::stamp_of(const fs::path& folder) {
  Stamp stamp;
  stamp_file(folder / core::kEventsFile, stamp.events, stamp.events_time);
  stamp_file(folder / core::kAttemptsFile, stamp.attempts, stamp.attempts_time);
  return stamp;
}

std::shared_ptr<const Snapshot> StudyWatch::read() {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->study = study_;
  const fs::path folder = run::study_folder(runs_, study_);
  const core::Json study = trial::read_study(folder);
  snapshot->question = question_of(study);
  snapshot->trials = run::planned_trials(folder, study);
  const std::size_t count = snapshot->trials.size();
  snapshot->states.resize(count);
  std::vector<Stamp> stamps(count);
  core::in_parallel((count + kTrialsAtOnce - 1) / kTrialsAtOnce, [&](std::size_t block) {
    for (std::size_t i = block * kTrialsAtOnce; i < std::min(count, (block + 1) * kTrialsAtOnce); ++i) {
      const run::ListedTrial& trial = snapshot->trials[i];
      stamps[i] = stamp_of(trial.folder);
      const auto known = known_.find(trial.trial_id);
      const bool as_before = known != known_.end() && known->second.stamp == stamps[i];
      snapshot->states[i] = as_before ? known->second.state : trial::read_trial_progress(trial.folder);
    }
  });
  known_.clear();
  for (std::size_t i = 0; i < count; ++i) {
    // Whether a running one still lives is for its process to say, not for its logs.
    if (snapshot->states[i].status != core::TrialStatus::kRunning)
      known_[snapshot->trials[i].trial_id] = {stamps[i], snapshot->states[i]};
  }
  note_ends(*snapshot, study);
  summarise(*snapshot);
  return snapshot;
}

std::shared_ptr<const Snapshot> StudyWatch::now() {
  const std::lock_guard lock(mutex_);
  const auto begin = std::chrono::steady_clock::now();
  if (begin < look_again_) return snapshot_;
  try {
    snapshot_ = read();
  } catch (const core::UserError&) {
    // Its study.json is being written anew, or the folder is gone: what was known is shown on.
  }
  const auto end = std::chrono::steady_clock::now();
  look_again_ =
      end + std::max<std::chrono::steady_clock::duration>(kLeastInterval, (end - begin) * (kShareOfTime - 1));
  return snapshot_;
}

}  // namespace segbench::serve
