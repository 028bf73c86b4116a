// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

#include "harness/core/trial.h"

namespace segbench::trial {

/// The specification of a trial for reading its results: trial.json, or, where that is missing or damaged,
/// what study.json and the log say of the same trial. `defect` then tells what was wrong. Lists of training
/// images and the place of the decode cache are unknown in that case; `segbench run` writes the whole file
/// anew. Throws core::UserError when nothing tells what the trial is.
core::TrialSpec read_or_recover_spec(const std::filesystem::path& trial_folder, std::string& defect);

}  // namespace segbench::trial
