// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

// The predictions that a finished trial keeps for the panels of a report (`predictions.u8`, see
// docs/formats.md): one line of JSON, then the label maps of a few test images, one byte a pixel.
//
//   {"format": 1, "trial_id", "epoch", "split": "test", "height", "width", "num_classes",
//    "samples": [{"index", "id"}, …]}\n
//   len(samples) * height * width bytes, [sample, row, column]: the predicted class

namespace segbench::core {

struct Predictions {
  std::string trial_id;
  std::int64_t epoch = 0;  ///< whose weights predicted
  std::string split = "test";
  std::int64_t height = 0, width = 0;
  int num_classes = 0;
  struct Sample {
    std::int64_t index = 0;  ///< in the decode cache
    std::string id;
  };
  std::vector<Sample> samples;
  std::vector<std::uint8_t> labels;  ///< [samples, height, width]

  /// [height, width] of the i-th sample.
  std::span<const std::uint8_t> label_map(std::size_t i) const {
    const auto pixels = static_cast<std::size_t>(height * width);
    return std::span(labels).subspan(i * pixels, pixels);
  }
};

/// Where a trial keeps what it predicted for one selection image after an epoch, in the same layout: a film.
inline constexpr const char* kFilmFolder = "film";
std::filesystem::path film_file(const std::filesystem::path& trial_folder, std::int64_t epoch);
/// The frames of a trial by epoch; none where it kept none.
std::vector<std::filesystem::path> film_of(const std::filesystem::path& trial_folder);

/// Written atomically.
void write_predictions(const std::filesystem::path& file, const Predictions& predictions);
/// Throws UserError naming the file when it is malformed, truncated or of another format.
Predictions read_predictions(const std::filesystem::path& file);

}  // namespace segbench::core
