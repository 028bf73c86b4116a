// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

namespace segbench::run {

/// What is wrong with this device here, as a sentence; "" when it is there. "auto" and "cpu" always are; for
/// a GPU the worker is asked, which has LibTorch.
std::string missing_device(const std::filesystem::path& worker, const std::string& device);

}  // namespace segbench::run
