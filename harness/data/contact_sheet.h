// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "harness/data/codecs/image.h"

namespace segbench::data {

/// Pictures of 8 bits, grey or RGB, on one RGB sheet, row by row, each no larger than `side` (made smaller to
/// fit, never larger), with a white gap of 4 pixels. Rows may have different numbers of pictures.
Image contact_sheet(const std::vector<std::vector<Image>>& rows, std::int64_t side);

}  // namespace segbench::data
