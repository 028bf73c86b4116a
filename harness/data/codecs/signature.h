// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

#include "harness/data/codecs/image.h"

namespace segbench::data {

enum class FileFormat { kUnknown, kPng, kJpeg, kGif, kBmp, kTiff, kWebp, kPnm };
/// "PNG", "JPEG", …; "unknown".
std::string_view to_string(FileFormat format);

/// What the first bytes of an image file say. Told by signature, never by the file's name.
struct Signature {
  FileFormat format = FileFormat::kUnknown;
  std::int64_t height = 0, width = 0;
  bool lossy = false;  ///< JPEG and lossy WebP: fit for images, not for masks
};

/// The format alone, from at least the first 16 bytes; kUnknown when it is none that we read.
FileFormat sniff(Bytes bytes);

/// Format and size, from the header, before anything is decoded. Throws core::UserError (without a file name)
/// when the bytes are no image that we read, are cut off, have no pixels, or have more than kMaxPixels.
Signature examine(Bytes bytes);

/// Decompression bombs end here: 2^28 pixels, a square of 16,384.
inline constexpr std::int64_t kMaxPixels = std::int64_t{1} << 28;

}  // namespace segbench::data
