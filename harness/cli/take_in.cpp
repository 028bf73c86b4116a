// SPDX-License-Identifier: MIT
#include "harness/cli/take_in.h"

#include <fmt/format.h>

#include "harness/core/error.h"

namespace segbench::cli {

bool take_in(store::Store& store, const std::filesystem::path& trial_folder,
             const std::filesystem::path& runs, RunDisplay& display) {
  try {
    for (const std::string& warning : store.import_trial(trial_folder, runs)) {
      display.message("warning: " + warning);
    }
    return true;
  } catch (const core::UserError& error) {
    display.message(fmt::format("warning: the results were not taken into the store: {}", error.what()));
    return false;
  }
}

}  // namespace segbench::cli
