// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <vector>

namespace segbench::trial {

/// Whether a folder is a trial's: it holds a trial.json or, should that have been lost, a log.
bool is_trial_folder(const std::filesystem::path& folder);
/// Folders of trials in a trial's folder, a study's folder or a folder of studies,
/// by name.
std::vector<std::filesystem::path> find_trial_folders(const std::filesystem::path& folder);
/// All folders that stand where those of trials do, whether they are such or not.
std::vector<std::filesystem::path> list_trial_places(const std::filesystem::path& folder);
/// Folders of studies (they hold a study.json) likewise.
std::vector<std::filesystem::path> find_study_folders(const std::filesystem::path& folder);

}  // namespace segbench::trial
