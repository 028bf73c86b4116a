// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "results/store/store.h"

namespace segbench::store {

struct ImportSummary {
  std::int64_t studies = 0, trials = 0;
  std::vector<std::string> warnings;
};

/// Brings the store up to what all the logs under `runs` say: forgets what is gone, imports every study and
/// every trial.
ImportSummary import_runs(Store& store, const std::filesystem::path& runs);

/// The same for what changed since: studies whose study.json is another, trials whose logs say another status
/// than the store, or were rewritten. Of trials that have ended only those logs are read whose stamps
/// (trial/log_stamp.h) are not those of the last time.
ImportSummary refresh(Store& store, const std::filesystem::path& runs);

/// Removes a database together with SQLite's files beside it.
void remove_database(const std::filesystem::path& file);

}  // namespace segbench::store
