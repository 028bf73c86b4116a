// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "harness/core/counts.h"
#include "harness/core/decode_cache.h"
#include "harness/core/error.h"

namespace segbench::run {

/// Reads a CSV table with the columns image_id, class (name or index), tp, fp and fn: one entry an image of
/// `indices`, with one of each class. Adds to `problems` what is wrong: an image that is missing, unknown or
/// told twice, a class likewise, a number that is none, and counts that contradict the truth of the cache
/// (tp + fn are its pixels of the class; as many pixels are predicted as there are).
std::vector<std::vector<core::ClassCounts>> read_predicted_counts(const std::filesystem::path& file,
                                                                  const core::DecodeCache& cache,
                                                                  std::span<const std::int64_t> indices,
                                                                  std::vector<core::Problem>& problems);

}  // namespace segbench::run
