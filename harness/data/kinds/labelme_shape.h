// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "harness/core/json.h"
#include "harness/data/kinds/drawn_labels.h"

namespace segbench::data {

/// A shape of a LabelMe file in an image [height, width] as its outline, without its label: the figures of
/// figure_of(), and "mask", a PNG in base64 at the corner of its box, whose pixels that are not 0 belong to
/// the object. A shape without a type is a polygon. Throws core::UserError (without a file name) for other
/// types, wrong numbers of points and damaged masks, core::Json::exception for what is no shape. After
/// labelme.utils.shape_to_mask and shapes_to_label (github.com/wkentaro/labelme, version 5).
Outline labelme_outline(const core::Json& shape, std::int64_t height, std::int64_t width);

}  // namespace segbench::data
