// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace segbench::reports {

/// Compares the files of a report with those made anew from the store, byte by byte. One line a file that
/// differs: its name, the first place, what stands there and what should. Files that only `written` has are
/// the user's own. `skip` names files that are not compared; `normal` may change a file's content before it
/// is compared.
std::vector<std::string> differing_files(
    const std::filesystem::path& written, const std::filesystem::path& anew,
    const std::function<bool(const std::string& name)>& skip,
    const std::function<std::string(const std::string& name, std::string content)>& normal);

/// The first place where two texts differ: "line 12: the report says “… 0.99 …”, the store gives “… 0.79 …”";
/// of binary files "byte 1024 differs from what the store gives". "" when they are equal.
std::string first_difference(std::string_view written, std::string_view anew);

}  // namespace segbench::reports
