// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <vector>

namespace segbench::profiles {

/// Copies the sessions of profiles below `source`, a whole `runs` of another machine, to where they stood
/// under `runs`. One that is here already stays, unless its log is the beginning of the other's. Returns the
/// folders that were written. Throws core::UserError naming what cannot be copied.
std::vector<std::filesystem::path> carry_in_sessions(const std::filesystem::path& source,
                                                     const std::filesystem::path& runs);

}  // namespace segbench::profiles
