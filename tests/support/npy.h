// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace segbench::tests {

/// A NumPy array file (NPY version 1.0, little endian, C order; '|u1', '|b1', '<u2', '<i4', '<i8', '<f4',
/// '<f8'), widened.
struct Npy {
  std::vector<std::int64_t> shape;
  std::string dtype;           ///< as in the file, e.g. "<f8"
  std::vector<double> values;  ///< every dtype, widened to double

  std::int64_t size() const { return static_cast<std::int64_t>(values.size()); }
  std::vector<std::uint8_t> bytes() const { return {values.begin(), values.end()}; }
};

/// Throws std::runtime_error naming the file when it cannot be read.
Npy read_npy(const std::filesystem::path& file);

}  // namespace segbench::tests
