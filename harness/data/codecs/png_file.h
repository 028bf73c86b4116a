// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/data/codecs/stored_image.h"

namespace segbench::data {

/// A PNG as it is stored: grey, palette indices, grey + alpha, RGB or RGBA of 1 to 16 bits. Throws
/// core::UserError (without a file name) when it is damaged or cut off.
StoredImage read_png(Bytes bytes);
std::string png_library_version();

/// A PNG file of an 8-bit grey or RGB image, which says in a text chunk that Segbench wrote it.
std::string png_of(const Image& image);
/// Whether the first 128 bytes of a file are those of png_of().
bool has_own_mark(std::string_view head);

}  // namespace segbench::data
