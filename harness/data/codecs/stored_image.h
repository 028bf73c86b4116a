// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "harness/data/codecs/image.h"
#include "harness/data/codecs/signature.h"

// What a file holds, and nothing else: every format has one reader that returns a StoredImage. What an image
// is decides image_file.h, what a mask is decides mask_file.h; both work on stored samples, so the rules are
// the same for all formats (docs/data.md).

namespace segbench::data {

/// An image or mask as its file stores it: nothing is scaled, looked up in a palette, inverted, multiplied by
/// alpha, turned or dropped.
struct StoredImage {
  FileFormat format = FileFormat::kUnknown;
  std::int64_t height = 0, width = 0;
  int channels = 1;               ///< samples a pixel, alpha included
  int bits = 8;                   ///< of a sample, 1 to 32
  std::uint32_t maximum = 255;    ///< the sample that means full intensity: 2^bits - 1, or a PNM's maxval
  std::vector<Rgb> palette{};     ///< not empty: samples are indices into it
  int alpha = -1;                 ///< which channel is alpha; -1: none
  bool minimum_is_white = false;  ///< 0 is white (TIFF WhiteIsZero, PBM)
  bool rgb = false;               ///< the first three channels are red, green and blue
  bool cmyk = false;              ///< the four channels are ink
  bool lossy = false;             ///< JPEG, lossy WebP, a TIFF compressed so
  int orientation = 1;            ///< EXIF and TIFF: 1 as stored, 2 to 8 mirrored or turned
  std::int64_t pages = 1;         ///< images in the file; the first one is read
  /// [height, width, channels]; bytes up to 8 bits, 16-bit numbers up to 16, 32-bit numbers above.
  std::variant<std::vector<std::uint8_t>, std::vector<std::uint16_t>, std::vector<std::uint32_t>> samples{};

  /// Channels that are not alpha.
  int bands() const { return channels - (alpha >= 0 ? 1 : 0); }
  /// For messages: "8-bit palette TIFF", "16-bit RGB + alpha PNG", "8-bit TIFF of 5 bands".
  std::string kind() const;
};

/// Reads a file of any format that is known, told by its first bytes. Never writes to stderr, and never
/// allocates for a size that was not checked. Throws core::UserError (without a file name) when the file is
/// damaged, or of a variant that is not read, which it names. `page` is that of a stack (TIFF), which then
/// counts as an image of its own; -1: the first one, of a file whose pages are told.
StoredImage read_stored(Bytes bytes, std::int64_t page = -1);

/// Most samples of one file: 2^30.
inline constexpr std::int64_t kMaxSamples = std::int64_t{1} << 30;
/// Throws core::UserError when height x width x channels passes kMaxPixels or kMaxSamples, or is empty.
void check_claim(FileFormat format, std::int64_t height, std::int64_t width, std::int64_t channels);

/// Names and versions of the libraries that read images.
std::vector<std::pair<std::string, std::string>> reader_versions();

}  // namespace segbench::data
