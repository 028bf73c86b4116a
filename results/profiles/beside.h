// SPDX-License-Identifier: MIT
#pragma once

#include "results/profiles/conclude.h"

namespace segbench::profiles {

/// What a row's log says beside the times of its forward pass: its other stages, the passes of many images,
/// and the score of what it counted.
void set_beside(RowResult& result, const RowLog& row);

}  // namespace segbench::profiles
