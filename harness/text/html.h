// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace segbench::text {

/// Text for HTML content and attribute values: cleaned of control characters, & < > " ' escaped.
std::string escape(std::string_view text);
/// The same, but line ends are kept (for <pre>).
std::string escape_lines(std::string_view text);
/// The same of a sentence in which backticks enclose what is typed: it becomes <code>.
std::string escape_code(std::string_view text);
/// Letters, digits and hyphens: a string that may serve as an id.
std::string anchor(std::string_view text);
/// " data-trials=\"…\"", or "" when there are none.
std::string trials_attribute(const std::vector<std::string>& trials);
/// Base64 (RFC 4648) of bytes.
std::string base64(std::string_view bytes);

}  // namespace segbench::text
