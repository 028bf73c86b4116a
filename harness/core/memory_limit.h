// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace segbench::core {

/// Memory that processes here may use at most, whatever is in use now: that of the machine, or the smallest
/// limit of our control groups where it is less; empty when it cannot be told. `root` stands for "/", for
/// tests.
std::optional<std::int64_t> total_memory_bytes(const std::filesystem::path& root = "/");

}  // namespace segbench::core
