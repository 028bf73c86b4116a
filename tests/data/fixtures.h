// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/data/codecs/image.h"
#include "harness/data/data_set.h"

// Small image files and data sets for tests, written with libpng and giflib, not with the code under test.

namespace segbench::data::tests {

namespace fs = std::filesystem;

/// A PNG of raw values [height, width, channels]: palette (not empty), grey, grey + alpha, RGB or RGBA.
struct PngSpec {
  std::int64_t height = 0, width = 0;
  int channels = 1;
  int bit_depth = 8;
  std::vector<std::uint16_t> values;
  std::vector<Rgb> palette = {};
  bool interlaced = false;
};
void write_test_png(const fs::path& file, const PngSpec& spec);

/// A GIF of palette indices.
struct GifSpec {
  int height = 0, width = 0;
  std::vector<std::uint8_t> indices;
  std::vector<Rgb> palette;  ///< a power of two of entries
};
void write_test_gif(const fs::path& file, const GifSpec& spec);

/// An 8-bit grey mask of `height` rows, the values repeated over all pixels.
void write_mask(const fs::path& file, std::int64_t height, std::int64_t width,
                const std::vector<int>& values);

/// An RGB picture of reproducible noise, of its own for every seed.
void write_picture(const fs::path& file, std::int64_t height, std::int64_t width, std::uint32_t seed);

void write_text(const fs::path& file, const std::string& text);
std::vector<std::uint8_t> bytes_of(const fs::path& file);

/// root/images/p00.png …, root/masks/p00.png … with values 0, 1, …, num_classes - 1; pictures differ.
void write_pairs(const fs::path& root, int count, int num_classes = 2, std::int64_t height = 8,
                 std::int64_t width = 12, std::uint32_t first_seed = 0);

/// The settings of `folders` with classes c0, c1, …
core::DataConfig folders_config(const fs::path& root, int num_classes = 2);

/// Findings with this code, and how many of them refuse.
std::vector<AuditFinding> findings_of(const AuditReport& report, const std::string& code);
/// All findings as text, for messages of failing tests and for matching.
std::string text_of(const AuditReport& report);

}  // namespace segbench::data::tests
