// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "harness/core/decode_cache.h"
#include "harness/core/pixel_range.h"
#include "harness/core/trial.h"
#include "harness/data/codecs/image_file.h"

namespace segbench::cli {

/// What the network takes and gives, as its weights say.
struct NetworkInput {
  data::ImageRule rule;
  std::int64_t height = 0, width = 0;
  core::PixelRange range;
  std::vector<core::ClassInfo> classes;
  std::optional<double> threshold = {};  ///< by which the trial decides
};

/// The folders of the trials whose networks are asked: the trial itself, or the members of an ensemble.
/// Throws core::UserError where one has no weights.
std::vector<std::filesystem::path> networks_of(const std::filesystem::path& trial,
                                               const core::TrialSpec& spec);

/// Throws core::UserError for a file that holds no trial's weights.
NetworkInput read_network_input(const std::filesystem::path& weights, const core::TrialSpec& spec);

/// By which an ensemble decides: the threshold that it was given, or found.
std::optional<double> threshold_of_ensemble(const std::filesystem::path& trial, const core::TrialSpec& spec);

}  // namespace segbench::cli
