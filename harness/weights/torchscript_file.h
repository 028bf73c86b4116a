// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace segbench::weights {

/// What keeps a file from being a TorchScript module (torch.jit.save), as far as can be told without
/// LibTorch; empty when it looks like one: a zip archive that holds data.pkl, constants.pkl and code.
std::optional<std::string> torchscript_problem(const std::filesystem::path& file);

}  // namespace segbench::weights
