// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/core/decode_cache.h"
#include "harness/data/codecs/image.h"

namespace segbench::cli {

/// The class indices as a grey image.
data::Image index_image(const data::LabelMap& labels);
/// Each pixel in its class's colour; RGB.
data::Image colour_labels(const data::LabelMap& labels, const std::vector<core::ClassInfo>& classes);
/// The mean of an RGB image and the colours of its classes.
data::Image overlay(const data::Image& image, const data::Image& colours);
/// "road 62.0 %, sky 20.1 %": the classes that occur, largest first, by their fraction of the pixels.
std::string describe_shares(const data::LabelMap& labels, const std::vector<core::ClassInfo>& classes);

}  // namespace segbench::cli
