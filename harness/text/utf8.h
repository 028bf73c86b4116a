// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// UTF-8 text for people. Its width is what it takes in columns of a terminal with a font of fixed width: by
// characters as a reader sees them (extended grapheme clusters, Unicode Standard Annex 29), of which Chinese,
// Japanese and Korean ones take two columns (Annex 11) and combining marks none of their own.

namespace segbench::text {

/// Columns.
std::size_t width(std::string_view text);

/// The text without control characters (line ends and tabs become spaces) and with invalid UTF-8 replaced by
/// "?".
std::string clean(std::string_view text);

/// The text cut to `columns`, its last one "…" where something was cut off.
std::string fit(std::string_view text, std::size_t columns);
/// The text filled with spaces to `columns`, on the left where it is `right`-aligned.
std::string padded(std::string_view text, std::size_t columns, bool right = false);

/// The text with its middle replaced by "…" where it is wider than `columns`: names often differ at their
/// end, and messages tell the cause there.
std::string shorten_middle(std::string_view text, std::size_t columns);
/// The same of the clean text.
std::string shortened(std::string_view text, std::size_t columns);
/// Names shortened so that different ones stay different where that is possible: where the middle is what
/// they differ in, the beginning and the end that all have in common go instead.
std::vector<std::string> shorten_names(const std::vector<std::string>& names, std::size_t columns);

}  // namespace segbench::text
