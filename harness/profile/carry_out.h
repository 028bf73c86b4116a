// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "harness/study/profile.h"

namespace segbench::profile {

/// Writes what a profile measures into a folder, for a machine where there is no `segbench`
/// (scripts/gpu/profile_there.py measures there):
///
///     plan.json  {"schema": 1, "name", "question", "settings": {[profile]}, "networks": [{"label",
///                "settings", "channels", "height", "width", "outputs", "cost": as in a profile's log,
///                "images": where they come from, "files": {format: file}, "inputs": {batch: file}}, …]}
///     0/…        the files of network 0: docs/engine-protocol.md says what the formats and inputs are
///
/// Files are named relative to the folder. Networks that are read from a file of the user's own are copied
/// into it. Throws core::UserError for what is no network, and where the folder cannot be written.
void carry_out_profile(const study::Profile& profile, const std::filesystem::path& runs,
                       const std::filesystem::path& folder);

}  // namespace segbench::profile
