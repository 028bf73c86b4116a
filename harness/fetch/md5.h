// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace segbench::fetch {

/// MD5 (RFC 1321), 32 lower-case hexadecimal digits. It tells damage, not malice: for files of which
/// publishers state nothing better.
std::string md5_hex(std::string_view text);
/// Of a file's bytes; throws core::UserError naming the file when it cannot be read.
std::string md5_file(const std::filesystem::path& file);

}  // namespace segbench::fetch
