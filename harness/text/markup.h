// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace segbench::text {

/// Text in which GitHub reads no markup, cleaned of control characters and line ends.
std::string markdown_text(std::string_view text);
/// Text in which LaTeX reads no command, cleaned likewise.
std::string latex_text(std::string_view text);

}  // namespace segbench::text
