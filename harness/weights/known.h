// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

// Weights that others have published, by name: what `segbench data fetch-weights` can download.

namespace segbench::weights {

struct KnownWeights {
  std::string name;     ///< "resnet50"
  std::string file;     ///< "resnet50-0676ba61.pth"; the digits are the first eight of its SHA-256
  std::string address;  ///< where its publisher keeps it
  std::string summary;  ///< what it was trained on
};

/// Sorted by name.
const std::vector<KnownWeights>& known_weights();

/// By name or by file name; nullptr when there is none.
const KnownWeights* find_known(const std::string& name_or_file);

/// Where downloads go unless told otherwise and where model.weights finds bare names:
/// ${XDG_CACHE_HOME:-~/.cache}/segbench/weights. Throws core::UserError when neither variable is set.
std::filesystem::path weights_folder();

}  // namespace segbench::weights
