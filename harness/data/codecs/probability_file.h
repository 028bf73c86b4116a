// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace segbench::data {

/// The probability of each class at each pixel of one image.
struct Probabilities {
  std::int64_t height = 0, width = 0;
  std::vector<std::string> classes;
  std::vector<float> values;  ///< [classes, height, width]
};

/// By the rule of resize_nearest(), so that the most probable class of a pixel is that of the resized label
/// map.
Probabilities resize_nearest(const Probabilities& probabilities, std::int64_t height, std::int64_t width);

/// A safetensors file with one tensor, "probabilities" [classes, height, width] float32; the metadata name
/// the classes
/// ("classes", a JSON list) and Segbench ("written_by"). Written atomically.
void write_probabilities(const std::filesystem::path& file, const Probabilities& probabilities);

/// Whether a file that begins like this was written by write_probabilities().
bool has_probabilities_mark(std::string_view head);

}  // namespace segbench::data
