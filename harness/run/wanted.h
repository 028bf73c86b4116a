// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <vector>

#include "harness/core/json.h"
#include "harness/run/study_plan.h"
#include "harness/study/study.h"

namespace segbench::run {

/// The resolved form of a study with the looks that were taken of it (core/looks.h). Throws core::UserError
/// where their log was changed, or they were taken by another rule, margin, seeds or variants than the
/// experiment file has now.
core::Json with_looks(const study::Study& study, const std::filesystem::path& study_folder);

/// Keeps the trials that are wanted so far: all of them, but of a study to which seeds are added until it is
/// decided. Throws what with_looks() throws.
void keep_wanted(std::vector<PlannedTrial>& trials, const study::Study& study,
                 const std::filesystem::path& study_folder);

}  // namespace segbench::run
