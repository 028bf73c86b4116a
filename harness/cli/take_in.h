// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "harness/cli/run_display.h"
#include "results/store/store.h"

namespace segbench::cli {

/// Takes a trial below the folder `runs` into the store; warnings are shown. False when it could not be
/// taken: never throws for the store's sake, because what counts is in the logs.
bool take_in(store::Store& store, const std::filesystem::path& trial_folder,
             const std::filesystem::path& runs, RunDisplay& display);

}  // namespace segbench::cli
