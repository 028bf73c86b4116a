// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "harness/core/decode_cache.h"
#include "harness/core/trial.h"

namespace segbench::train {

/// At most `count` positions in a list of `size`, evenly spaced.
std::vector<std::int64_t> evenly_spaced(std::int64_t size, std::int64_t count);

/// Writes the predictions of the test images at the positions `keep` (core/predictions.h): `labels` [K, H,
/// W].
void keep_predictions(const std::filesystem::path& folder, const core::TrialSpec& spec,
                      const core::CacheManifest& manifest, std::int64_t epoch,
                      const std::vector<std::int64_t>& keep, std::vector<std::uint8_t> labels);

/// Writes the prediction `labels` [H, W] of the first selection image after an epoch (core::film_file()).
void keep_frame(const std::filesystem::path& folder, const core::TrialSpec& spec,
                const core::CacheManifest& manifest, std::int64_t epoch, std::vector<std::uint8_t> labels);

/// The hashes of the files that a trial leaves beside its log, by name.
core::Json hashes_of_files(const std::filesystem::path& folder);

}  // namespace segbench::train
