// SPDX-License-Identifier: MIT
#pragma once

#include "harness/data/codecs/stored_image.h"

namespace segbench::data {

/// A Windows or OS/2 bitmap of 1, 2, 4 or 8 bits with its palette's indices, or of 16, 24 or 32 bits in RGB
/// (5 and 6 bits a channel are scaled to 8; a fourth channel is dropped); RLE4, RLE8 and bit masks as well.
/// Throws core::UserError (without a file name) when it is damaged, cut off or holds a JPEG or PNG.
StoredImage read_bmp(Bytes bytes);

}  // namespace segbench::data
