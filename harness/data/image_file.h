// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/data/image.h"

namespace segbench::data {

/// The bytes of an image or mask file. Throws core::UserError (without the file's name) when it is missing,
/// empty, a folder, a loop of symbolic links, unreadable or larger than 1 GiB.
std::vector<std::uint8_t> read_sample_file(const std::filesystem::path& file);

/// Decodes an image of any format that we read to 8-bit RGB [H, W, 3]: 16-bit values are scaled by 255/65535
/// and rounded, grey is expanded, alpha dropped, palettes applied, CMYK converted; the EXIF orientation is
/// ignored, since masks are drawn on the pixels as stored. Throws core::UserError (without a file name).
Image decode_image(Bytes bytes);

/// Writes an 8-bit grey or RGB image as PNG.
void write_png(const std::filesystem::path& file, const Image& image);

/// Version of the OpenCV that this program was built with: "4.6.0".
std::string opencv_version();

}  // namespace segbench::data
