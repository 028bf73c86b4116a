// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/data/data_set.h"

namespace segbench::data {

/// How often a class occurs in one split.
struct ClassShare {
  std::int64_t images = 0;  ///< that show it
  std::int64_t pixels = 0;  ///< at cache resolution
};

/// A data set in numbers.
struct Description {
  AuditReport audit;
  std::map<std::array<std::int64_t, 2>, std::int64_t>
      sizes;                                ///< {height, width} of images to how many have it
  std::map<int, std::int64_t> bits, bands;  ///< of images' samples and files
  std::int64_t samples = 0, groups = 0;     ///< groups: what draws keep together, 0: none
  /// By split ("train", "selection", "test"), an entry a class and, last, void.
  std::map<std::string, std::vector<ClassShare>> shares;
  std::vector<std::string> shown;  ///< ids on the contact sheet, row by row
};
core::Json to_json(const Description& description);

struct SheetOptions {
  std::filesystem::path file;  ///< PNG; empty: none
  bool force = false;          ///< replace an earlier one
  std::int64_t samples = 24;
  std::int64_t side = 160;  ///< of a picture, at most
};

/// Reads every sample and counts. The sheet shows training samples, evenly chosen, each as its image and its
/// label map in the classes' colours, four samples a row. Throws core::UserError before anything is read
/// where the sheet would overwrite what Segbench did not write (output_files.h).
Description describe(const core::DataConfig& config, const SheetOptions& sheet,
                     const Progress& progress = {});

struct AugmentSheetOptions {
  SheetOptions sheet;
  std::vector<core::PartChoice> augment;  ///< what training does to its samples
  std::uint64_t seed = 1;                 ///< of the trial that sees them so
  std::uint32_t epochs = 6;
};

/// Writes a sheet with two rows a training sample, images above label maps: as it is, then as the
/// augmentations make it in the first epochs of a trial. Returns the ids of the samples, from above.
std::vector<std::string> write_augment_sheet(const core::DataConfig& config,
                                             const AugmentSheetOptions& options,
                                             const Progress& progress = {});

}  // namespace segbench::data
