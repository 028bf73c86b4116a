// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace segbench::cli {

/// The images that arguments name: files as they are; of a folder those of its files that look like images,
/// by name; of a list (.txt) the paths in it, one a line, relative to the list, without empty lines and what
/// begins with #. Throws core::UserError for a folder or list without any.
std::vector<std::string> prediction_files(const std::vector<std::string>& arguments);

}  // namespace segbench::cli
