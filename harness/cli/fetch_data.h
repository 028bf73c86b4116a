// SPDX-License-Identifier: MIT
#pragma once

#include "harness/cli/command.h"

namespace segbench::cli {

/// `segbench data fetch`: adds itself below `data`.
void add_fetch_data(CLI::App& data, Context& context);

}  // namespace segbench::cli
