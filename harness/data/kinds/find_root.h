// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace segbench::data {

/// The folder itself, or one of those `below` it that an archive may unpack to: the first that has all of
/// `wanted`. Throws core::UserError (the audit's exit code) that says what is missing and what to set root
/// to, `remedy`.
std::filesystem::path find_root(const std::string& root, const std::vector<std::string>& below,
                                const std::vector<std::string>& wanted, const std::string& remedy);

}  // namespace segbench::data
