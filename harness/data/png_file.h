// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/data/stored_image.h"

namespace segbench::data {

/// A PNG as it is stored: grey, palette indices, grey + alpha, RGB or RGBA of 1 to 16 bits. Throws
/// core::UserError (without a file name) when it is damaged or cut off.
StoredImage read_png(Bytes bytes);
std::string png_library_version();

/// A PNG file of a grey or an RGB image.
std::string png_of(const Image& image);

}  // namespace segbench::data
