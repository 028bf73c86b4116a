// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

namespace segbench::cli {

/// Writes the network in a trial's weights.safetensors, which was checked, as an ONNX file: docs/formats.md,
/// "ONNX files". Throws core::UserError when the network is read from a file, and for metadata that are
/// damaged.
void export_onnx(const std::filesystem::path& weights, const std::filesystem::path& target);

}  // namespace segbench::cli
