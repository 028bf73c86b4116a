// SPDX-License-Identifier: MIT
#include "results/store/store_keeper.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "harness/core/error.h"

namespace segbench::store {
namespace {

/// How long another process's write is waited for while trials wait for us.
constexpr std::chrono::milliseconds kShortPatience{500};

}  // namespace

StoreKeeper::StoreKeeper(std::filesystem::path file, std::filesystem::path runs, Tell tell)
    : file_(std::move(file)), runs_(std::move(runs)), tell_(std::move(tell)) {}

bool StoreKeeper::attempt(const std::function<void(Store&)>& work) {
  try {
    if (!store_) store_.emplace(Store::open(file_, kShortPatience));
    work(*store_);
    return true;
  } catch (const core::UserError& error) {
    store_.reset();
    if (told_ != error.what())
      tell_(fmt::format("warning: {}; the trials go on, and their results are taken into the store later",
                        error.what()));
    told_ = error.what();
    return false;
  }
}

bool StoreKeeper::take_in_waiting() {
  if (waiting_study_ && !attempt([&](Store& store) { store.import_study(*waiting_study_); })) return false;
  waiting_study_.reset();
  while (!waiting_trials_.empty()) {
    const bool done = attempt([&](Store& store) {
      for (const std::string& warning : store.import_trial(waiting_trials_.front(), runs_))
        tell_("warning: " + warning);
    });
    if (!done) return false;
    waiting_trials_.erase(waiting_trials_.begin());
  }
  return true;
}

void StoreKeeper::take_in_study(const std::filesystem::path& study_folder) {
  waiting_study_ = study_folder;
  take_in_waiting();
}

void StoreKeeper::take_in_trial(const std::filesystem::path& trial_folder) {
  if (std::find(waiting_trials_.begin(), waiting_trials_.end(), trial_folder) == waiting_trials_.end())
    waiting_trials_.push_back(trial_folder);
  take_in_waiting();
}

std::vector<std::string> StoreKeeper::complete_trials(const std::string& study) {
  std::vector<std::string> ids;
  attempt([&](Store& store) {
    for (const TrialRecord& trial : store.trials(study)) {
      if (trial.status == core::TrialStatus::kComplete) ids.push_back(trial.trial_id);
    }
  });
  return ids;
}

bool StoreKeeper::finish() {
  return take_in_waiting();
}

}  // namespace segbench::store
