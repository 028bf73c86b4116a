// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "results/store/store.h"

namespace segbench::store {

/// Whether a folder is a trial's: it holds a trial.json or, should that have been lost, a log.
bool is_trial_folder(const std::filesystem::path& folder);
/// Folders of trials in a trial's folder, a study's folder or a folder of studies,
/// by name.
std::vector<std::filesystem::path> find_trial_folders(const std::filesystem::path& folder);
/// Folders of studies (they hold a study.json) likewise.
std::vector<std::filesystem::path> find_study_folders(const std::filesystem::path& folder);

struct ImportSummary {
  std::int64_t studies = 0, trials = 0;
  std::vector<std::string> warnings;
};

/// Brings the store up to what all the logs under `runs` say: forgets what is gone, imports every study and
/// every trial.
ImportSummary import_runs(Store& store, const std::filesystem::path& runs);

/// The same for what changed since: studies whose study.json is another, trials whose logs say another status
/// than the store. Looks at every trial, reads again only those.
ImportSummary refresh(Store& store, const std::filesystem::path& runs);

/// Removes a database together with SQLite's files beside it.
void remove_database(const std::filesystem::path& file);

}  // namespace segbench::store
