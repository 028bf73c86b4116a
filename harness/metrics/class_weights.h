// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace segbench::metrics {

/// How class weights are derived from the label pixels of the training images.
struct WeightConvention {
  std::string_view name;     ///< as in experiment files
  std::string_view formula;  ///< with n_c pixels of class c, N = sum n_c, C classes, f_c = n_c / N
  std::string_view source;
};

/// Every convention that class_weights() takes.
std::span<const WeightConvention> weight_conventions();
/// Their names, for validation and help.
std::vector<std::string> weight_convention_names();

/// Weight of each class, from the pixels of each class in each training image: `image_pixels[i][c]`, c =
/// 0…num_classes-1; what stands behind (void pixels) is not counted. A class that occurs nowhere has no
/// weight, except under "enet", whose formula gives one. Throws core::UserError for an unknown convention.
///
///     class_weights("inverse_frequency", {{{30, 10}}}, 2);  // {2/3, 2}
std::vector<std::optional<double>> class_weights(std::string_view convention,
                                                 std::span<const std::vector<std::int64_t>> image_pixels,
                                                 int num_classes);

}  // namespace segbench::metrics
