// SPDX-License-Identifier: MIT
#pragma once

#include "harness/cli/command.h"

namespace segbench::cli {

/// `segbench data describe` and `segbench data augment`.
void add_data_look(CLI::App& data, Context& context);

}  // namespace segbench::cli
