// SPDX-License-Identifier: MIT
#pragma once

#include "harness/core/variant.h"

namespace segbench::core {

/// Throws UserError when the file's content is no longer the one that was chosen.
void require_unchanged(const FileChoice& chosen);

}  // namespace segbench::core
