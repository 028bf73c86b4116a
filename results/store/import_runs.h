// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "results/store/store.h"

namespace segbench::store {

/// Folders of trials (they hold a trial.json) in a trial's folder, a study's folder or a folder of studies,
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

/// Removes a database together with SQLite's files beside it.
void remove_database(const std::filesystem::path& file);

}  // namespace segbench::store
