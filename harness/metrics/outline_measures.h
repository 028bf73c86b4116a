// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/background.h"

// The measures of outlines (boundary.h), class by class and image by image, and their means.

namespace segbench::metrics {

/// Keys of core::kMeasures that outline_measures() knows.
std::span<const std::string_view> outline_keys();

/// A truth and a prediction of one image, row by row.
struct LabelPair {
  std::span<const std::uint8_t> truth, prediction;
  std::int64_t height = 0, width = 0;
};

struct OutlineRule {
  std::optional<double> tolerance = {};  ///< pixels; empty: 0.8 % of the diagonal, rounded up
  double band = 0.02;                    ///< of the diagonal
};

/// [class], one value each: undefined where the class is in neither map, and distances where it is not in
/// both.
using ClassValues = std::vector<std::optional<double>>;

/// By key, for the keys asked for.
std::map<std::string, ClassValues> outline_measures(std::span<const std::string> keys, const LabelPair& image,
                                                    int num_classes, const OutlineRule& rule);

/// A measure over the images of a split.
struct MeasureMeans {
  std::vector<std::optional<double>> images;   ///< mean of its defined classes but the background
  std::vector<std::optional<double>> classes;  ///< mean of the images that define it
  std::optional<double> all;                   ///< mean of the defined images
};
MeasureMeans means_of(std::span<const ClassValues> images, const core::Background& background);

}  // namespace segbench::metrics
