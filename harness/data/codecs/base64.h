// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace segbench::data {

/// The bytes of a text in base64 (RFC 4648, section 4); white space between is skipped. Throws
/// core::UserError for other characters and a text that is cut off.
std::vector<std::uint8_t> from_base64(std::string_view text);

}  // namespace segbench::data
