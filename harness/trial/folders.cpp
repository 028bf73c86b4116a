// SPDX-License-Identifier: MIT
#include "harness/trial/folders.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "harness/core/study_file.h"
#include "harness/core/trial.h"

namespace segbench::trial {
namespace {

std::vector<std::filesystem::path> subfolders(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.is_directory(error)) found.push_back(entry.path());
  }
  // Siblings: as texts they are in the order of their names, and are compared much faster than as paths.
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.native() < b.native(); });
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

std::vector<std::filesystem::path> list_trial_places(const std::filesystem::path& folder) {
  if (is_trial_folder(folder)) return {folder};
  std::vector<std::filesystem::path> places;
  const auto add_those_in = [&](const std::filesystem::path& trials) {
    for (auto& place : subfolders(trials)) places.push_back(std::move(place));
  };
  add_those_in(folder);
  add_those_in(folder / core::kTrialsFolder);
  for (const auto& study : subfolders(folder)) add_those_in(study / core::kTrialsFolder);
  return places;
}

std::vector<std::filesystem::path> find_trial_folders(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> found = list_trial_places(folder);
  std::erase_if(found, [](const std::filesystem::path& place) { return !is_trial_folder(place); });
  return found;
}

bool is_trial_folder(const std::filesystem::path& folder) {
  std::error_code none;
  return std::filesystem::exists(folder / core::kTrialFile, none) ||
         std::filesystem::exists(folder / core::kEventsFile, none);
}

}  // namespace segbench::trial
