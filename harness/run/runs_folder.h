// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/core/json.h"

namespace segbench::run {

/// A trial of a study, run or not.
struct ListedTrial {
  std::string trial_id;
  std::string variant_id, variant_label;
  std::uint64_t seed = 0;
  std::int64_t epochs = 0;
  std::filesystem::path folder;
};

/// Names of the studies under the runs folder: its folders that hold a study.json.
std::vector<std::string> studies_under(const std::filesystem::path& runs);

/// The study under the runs folder that `argument` stands for: its name or a unique beginning of it, or the
/// path of its experiment file; "" stands for the only study that there is. A study whose folder was renamed
/// is found by both names; its folder's is returned. Reads folders alone, no store. Throws core::UserError
/// when none or several fit.
std::string find_study(const std::filesystem::path& runs, const std::string& argument);

/// Every trial that the study plans, in the order in which they are run, from study.json; of one to which
/// seeds are added until it is decided, those that are wanted so far.
std::vector<ListedTrial> list_trials(const std::filesystem::path& runs, const std::string& study);
/// The same of a study.json that was read (trial::read_study()).
std::vector<ListedTrial> planned_trials(const std::filesystem::path& study_folder, const core::Json& study);

/// The folder of a trial: given as a folder, or by a unique beginning of its id. Throws core::UserError when
/// none or several fit.
std::filesystem::path find_trial(const std::filesystem::path& runs, const std::string& argument);

}  // namespace segbench::run
