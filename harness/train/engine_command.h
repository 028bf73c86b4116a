// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace segbench::train {

/// The names that `segbench-worker engine NAME` knows: what executes networks with LibTorch.
std::vector<std::string> engine_names();

/// Speaks the engine protocol (docs/engine-protocol.md) on the standard streams until it is told to quit.
/// Throws core::UserError for an unknown name.
void run_engine(const std::string& name);

}  // namespace segbench::train
