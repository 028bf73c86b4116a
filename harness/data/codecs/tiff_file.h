// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "harness/data/codecs/stored_image.h"

namespace segbench::data {

/// The first image of a TIFF or BigTIFF: strips or tiles, bands together or apart, either byte order, 1 to 32
/// bits of unsigned integers, grey, palette, RGB, CMYK or any number of bands, with every lossless
/// compression that libtiff has; JPEG and WebP inside of a TIFF are read and count as lossy. Overviews
/// (reduced images) are no pages. Throws core::UserError (without a file name) when it is damaged, or names
/// what is not read: signed integers, floating point, YCbCr without JPEG, CIELab, an unknown compression.
/// `page` chooses one of the images, from 0 (-1: the first); it then counts as the only one.
StoredImage read_tiff(Bytes bytes, std::int64_t page = -1);
/// How many images the file has; overviews do not count.
std::int64_t tiff_pages(Bytes bytes);
std::string tiff_library_version();

}  // namespace segbench::data
