// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "harness/core/json.h"
#include "harness/profile/engine_link.h"

namespace segbench::profile {

/// Has an engine execute its network so often. Returns its answer (docs/engine-protocol.md, "run"), which has
/// a positive number of nanoseconds for each iteration in "ns", and where there are "stages" as many of each.
/// Throws core::UserError where it has not, and as EngineLink::ask() does.
core::Json run_iterations(EngineLink& link, std::int64_t iterations, std::chrono::seconds patience);

/// The nanoseconds of the forward passes alone.
std::vector<double> time_iterations(EngineLink& link, std::int64_t iterations, std::chrono::seconds patience);

}  // namespace segbench::profile
