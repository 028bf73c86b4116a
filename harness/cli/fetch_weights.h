// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>

#include "harness/cli/command.h"

namespace segbench::cli {

/// `segbench data fetch-weights`: adds itself below `data`.
void add_fetch_weights(CLI::App& data, Context& context);

}  // namespace segbench::cli
