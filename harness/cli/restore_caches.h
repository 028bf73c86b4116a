// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "harness/cli/command.h"
#include "results/store/store.h"

namespace segbench::cli {

/// Builds the decode caches of a study's complete trials again that were deleted, for what shows images (a
/// report's panels). Tells on stderr what was built and what cannot be: a data set that is gone, a runs
/// folder that cannot be written. Caches that are there are not looked into.
void restore_caches(const Context& context, const store::Store& store, const std::string& study);

}  // namespace segbench::cli
