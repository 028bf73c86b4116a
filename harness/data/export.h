// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/data/data_set.h"

namespace segbench::data {

struct ExportOptions {
  std::optional<std::string> split;            ///< train, selection or test; all when empty
  std::optional<std::int64_t> limit;           ///< of each split, at most this many samples
  bool force = false;                          ///< replace an earlier export
  std::vector<core::PartChoice> augment = {};  ///< what training does to its samples
  std::uint32_t epochs = 0;                    ///< write them as a trial sees them in its first epochs, too
  std::uint64_t seed = 1;                      ///< of that trial
};

/// Writes what a network sees: of every sample of a split its image at cache resolution and its label map in
/// the classes' colours (void white), as <folder>/<split>/<id>.png and <id>_mask.png, a '/' in an id turned
/// to '_' (and counted on where that makes two names equal); images of more than 8 bits or 3 channels as
/// view_of() shows them; and <folder>/classes.txt with each class's index, colour and name. Of the training
/// split, <folder>/train/epoch-<n> holds the same of what the augmentations make of it. Samples that
/// cannot be read are left out. Throws core::UserError before anything is read where it would overwrite what
/// an export did not write (output_files.h). Returns the audit, which says why, and counts the samples
/// written in `written`.
AuditReport export_samples(const core::DataConfig& config, const std::filesystem::path& folder,
                           const ExportOptions& options, std::int64_t& written,
                           const Progress& progress = {});

}  // namespace segbench::data
