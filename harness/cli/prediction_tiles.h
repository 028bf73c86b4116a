// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/cli/prediction_network.h"
#include "harness/data/codecs/image.h"
#include "harness/data/codecs/probability_file.h"
#include "harness/data/codecs/tiles.h"

namespace segbench::cli {

/// A decoded image of the user's, as large as it came.
struct Picture {
  std::filesystem::path file;
  data::Image image;
};

/// Files that are predicted together, so that no more than so much is in memory at once.
using Portion = std::vector<std::string>;
/// Decodes every file once. `bytes_per_pixel`: that a picture keeps until its masks are written. Throws one
/// core::UserError that names all that cannot be read.
std::vector<Portion> portions_of(const std::vector<std::string>& files, const data::ImageRule& rule,
                                 std::size_t bytes_per_pixel);
std::vector<Picture> read_pictures(const Portion& files, const data::ImageRule& rule);

/// The parts of each picture that the network sees one by one: tiles, or the whole.
using Tiling = std::vector<std::vector<data::Tile>>;
/// Without `overlap` (a fraction of a side) a picture is one part.
Tiling tile(const std::vector<Picture>& pictures, const NetworkInput& input, std::optional<double> overlap);

/// Writes what the network sees, [parts, height, width, channels], and returns the number of parts.
std::size_t write_inputs(const std::filesystem::path& file, const std::vector<Picture>& pictures,
                         const Tiling& tiling, const NetworkInput& input);

/// The worker's answer, of the resolution of the network.
struct Answer {
  std::vector<data::LabelMap> maps;                ///< one for each input
  std::vector<data::Probabilities> probabilities;  ///< likewise, when they are wanted
};
/// Puts the tiles of each picture together, at its own size.
Answer merged(const Answer& answer, const Tiling& tiling, const std::vector<Picture>& pictures,
              const std::optional<double>& threshold);

}  // namespace segbench::cli
