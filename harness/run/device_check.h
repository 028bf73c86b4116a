// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "harness/core/warning.h"

namespace segbench::run {

/// What is wrong with this device here; nothing when it is there. "auto" and "cpu" always are; for a GPU the
/// worker is asked, which has LibTorch.
std::optional<core::Warning> missing_device(const std::filesystem::path& worker, const std::string& device);

}  // namespace segbench::run
