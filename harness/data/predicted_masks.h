// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "harness/core/decode_cache.h"
#include "harness/core/error.h"

namespace segbench::data {

/// How masks that a model made are coded.
struct PredictedCoding {
  std::string kind = "auto";         ///< auto | values | colours
  std::vector<int> values;           ///< stored value of each class; empty: 0, 1, 2, …
  std::vector<std::string> colours;  ///< "#rrggbb" of each class; empty: those of the data set
};

struct PredictedMasks {
  std::vector<std::vector<std::uint8_t>> labels;  ///< of each sample asked for, [height, width] of the cache
  std::vector<core::Problem> problems;            ///< all that forbids to score them
  std::vector<std::string> notes;                 ///< for people
};

/// Reads the mask of each of the samples `indices` of a decode cache: a file of any format that masks may
/// have, called by the sample's id ('/' may be '_'; of an id with folders the last part is enough where no
/// other has it). A mask has the size of the cache, or that of the original image: then it is brought to the
/// cache's by nearest neighbour, as truth is. Every sample needs exactly one mask, and every pixel one of the
/// classes.
PredictedMasks read_predicted_masks(const std::filesystem::path& folder, const core::CacheManifest& manifest,
                                    std::span<const std::int64_t> indices, const PredictedCoding& coding);

}  // namespace segbench::data
