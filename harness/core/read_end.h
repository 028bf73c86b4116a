// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace segbench::core {

/// The last lines of a text that may be long, such as a log: at most so many bytes of it, without a line that
/// has lost its beginning. Empty where there is no such file.
std::string read_end(const std::filesystem::path& file, std::size_t bytes);

}  // namespace segbench::core
