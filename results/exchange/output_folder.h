// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

namespace segbench::exchange {

/// Creates a folder that an export fills; throws core::UserError for one that holds anything already, and for
/// what is no folder.
void require_new_folder(const std::filesystem::path& folder);

}  // namespace segbench::exchange
