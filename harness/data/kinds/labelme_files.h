// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace segbench::data {

/// The name that LabelMe's own scripts give to what is not to be scored.
inline constexpr const char* kLabelMeIgnored = "__ignore__";

/// The JSON files below a folder, relative to the root, in alphabetical order.
std::vector<std::string> labelme_files(const std::filesystem::path& root,
                                       const std::filesystem::path& folder);

}  // namespace segbench::data
