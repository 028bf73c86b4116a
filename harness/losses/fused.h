// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace segbench::losses {

/// Pixels of a block of a fused pass. Blocks are fixed, so sums do not depend on the number of threads.
inline constexpr std::int64_t kFusedBlock = 2048;

}  // namespace segbench::losses
