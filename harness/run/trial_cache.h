// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/core/trial.h"

namespace segbench::run {

/// Why a trial's decode cache cannot be used: it was deleted, belongs to other data, or its files do not have
/// the hashes of its manifest (all of it is read). "" when it is sound.
std::string trial_cache_defect(const core::TrialSpec& spec, const std::filesystem::path& trial_folder);

/// A decode cache that is sound: the trial's own, or, with a note, one that was built again from the data
/// set: in its old place, or under `elsewhere` when that place cannot be written. Throws core::UserError when
/// the data set is gone or is another one now.
std::filesystem::path sound_cache(const core::TrialSpec& spec, const std::filesystem::path& trial_folder,
                                  const std::filesystem::path& elsewhere, std::vector<std::string>& notes);

}  // namespace segbench::run
