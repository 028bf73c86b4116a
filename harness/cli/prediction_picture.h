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

/// A decoded image of the user's, as large as it came, and as the network sees it.
struct Picture {
  std::filesystem::path file;
  data::Image image;
  /// What the network sees one by one: tiles, or the whole.
  std::vector<data::Tile> parts;
  std::vector<std::byte> inputs;  ///< [parts, height, width, channels] samples
};

/// Decodes a file. Without `overlap` (of tiles, a fraction of a side) the picture is one part. Throws
/// core::UserError without the file's name.
Picture read_picture(const std::string& file, const NetworkInput& input, std::optional<double> overlap);

/// Throws one core::UserError that names all files that are no images, as far as it can be told without
/// decoding; where there are any, every file is decoded, so that none is left out.
void require_images(const std::vector<std::string>& files, const NetworkInput& input);

/// What the network says of the parts of a picture, of its own resolution.
struct Answer {
  std::vector<data::LabelMap> maps;                ///< one for each part
  std::vector<data::Probabilities> probabilities;  ///< likewise, when they are wanted
};

/// Puts the tiles of a picture together, at its own size.
Answer merged(const Answer& answer, const Picture& picture, const std::optional<double>& threshold);

}  // namespace segbench::cli
