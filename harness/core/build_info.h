// SPDX-License-Identifier: MIT
#pragma once

// What this program was built from; see also harness/core/version.h.

namespace segbench::core {

/// The first 12 digits of the commit, or "unknown" when it was built outside of git.
const char* git_commit();
/// True when tracked files had been changed since that commit.
bool git_dirty();

}  // namespace segbench::core
