// SPDX-License-Identifier: MIT
#include "results/store/import_runs.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/error.h"
#include "harness/core/study_file.h"
#include "harness/core/trial.h"

namespace segbench::store {
namespace {

std::vector<std::filesystem::path> subfolders(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.is_directory(error)) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

std::vector<std::filesystem::path> find_study_folders(const std::filesystem::path& folder) {
  if (std::filesystem::exists(folder / core::kStudyFile)) return {folder};
  std::vector<std::filesystem::path> found;
  for (const auto& study : subfolders(folder)) {
    if (std::filesystem::exists(study / core::kStudyFile)) found.push_back(study);
  }
  return found;
}

std::vector<std::filesystem::path> find_trial_folders(const std::filesystem::path& folder) {
  if (std::filesystem::exists(folder / core::kTrialFile)) return {folder};
  std::vector<std::filesystem::path> found;
  const auto add_trials_of = [&](const std::filesystem::path& trials) {
    for (const auto& trial : subfolders(trials)) {
      if (std::filesystem::exists(trial / core::kTrialFile)) found.push_back(trial);
    }
  };
  add_trials_of(folder);
  add_trials_of(folder / core::kTrialsFolder);
  for (const auto& study : subfolders(folder)) add_trials_of(study / core::kTrialsFolder);
  return found;
}

ImportSummary import_runs(Store& store, const std::filesystem::path& runs) {
  ImportSummary summary;
  store.prune(runs);
  for (const auto& study : find_study_folders(runs)) {
    try {
      store.import_study(study);
      ++summary.studies;
    } catch (const core::UserError& error) {
      summary.warnings.emplace_back(error.what());
    }
  }
  for (const auto& trial : find_trial_folders(runs)) {
    for (std::string& warning : store.import_trial(trial, runs))
      summary.warnings.push_back(std::move(warning));
    ++summary.trials;
  }
  return summary;
}

void remove_database(const std::filesystem::path& file) {
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    std::error_code error;
    std::filesystem::remove(file.string() + suffix, error);
    if (error)
      throw core::UserError(
          fmt::format("{}{}: cannot be removed: {}", file.string(), suffix, error.message()),
          core::kTrialFailed);
  }
}

}  // namespace segbench::store
