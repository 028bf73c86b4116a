// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

// Files by which running processes hand each other values: written over and over, read at once. They need not
// survive a crash, so nothing is synced to disk, and their pages in memory are used again.

namespace segbench::core {

/// Throws core::UserError naming the file when it cannot be written.
void write_exchange(const std::filesystem::path& file, std::span<const std::byte> bytes);

/// Throws core::UserError naming the file when it cannot be read or is not as long as `bytes`.
void read_exchange(const std::filesystem::path& file, std::span<std::byte> bytes);

}  // namespace segbench::core
