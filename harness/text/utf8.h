// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace segbench::text {

/// At most `width` characters (code points), an ellipsis in the middle when shortened: names and messages
/// often differ at their end. Control characters become spaces.
std::string shortened(std::string_view text, std::size_t width);
/// The text without control characters (line ends and tabs become spaces) and with invalid UTF-8 replaced by
/// "?".
std::string clean(std::string_view text);
/// Code points.
std::size_t length(std::string_view text);

}  // namespace segbench::text
