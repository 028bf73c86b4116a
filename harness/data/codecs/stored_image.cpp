// SPDX-License-Identifier: MIT
#include "harness/data/codecs/stored_image.h"

#include <fmt/format.h>

#include "harness/core/error.h"
#include "harness/data/codecs/bmp_file.h"
#include "harness/data/codecs/exif.h"
#include "harness/data/codecs/gif_file.h"
#include "harness/data/codecs/jpeg_file.h"
#include "harness/data/codecs/png_file.h"
#include "harness/data/codecs/pnm_file.h"
#include "harness/data/codecs/tiff_file.h"
#include "harness/data/codecs/webp_file.h"

namespace segbench::data {
namespace {

StoredImage stored_jpeg(Bytes bytes) {
  Image image = read_jpeg(bytes);
  StoredImage stored;
  stored.format = FileFormat::kJpeg;
  stored.height = image.height, stored.width = image.width, stored.channels = 3;
  stored.rgb = stored.lossy = true;
  stored.orientation = orientation_of_jpeg(bytes);
  stored.samples = std::move(image.pixels);
  return stored;
}

}  // namespace

std::string StoredImage::kind() const {
  const std::string_view name = to_string(format);
  const char* with_alpha = alpha >= 0 ? " + alpha" : "";
  if (!palette.empty()) return fmt::format("{}-bit palette{} {}", bits, with_alpha, name);
  if (cmyk) return fmt::format("{}-bit CMYK{} {}", bits, with_alpha, name);
  if (bands() == 1) return fmt::format("{}-bit grey{} {}", bits, with_alpha, name);
  if (bands() == 3 && rgb) return fmt::format("{}-bit RGB{} {}", bits, alpha >= 0 ? "A" : "", name);
  return fmt::format("{}-bit {} of {} bands{}", bits, name, bands(), with_alpha);
}

StoredImage read_stored(Bytes bytes, std::int64_t page) {
  const Signature signature = examine(bytes);
  switch (signature.format) {
    case FileFormat::kPng:
      return read_png(bytes);
    case FileFormat::kJpeg:
      return stored_jpeg(bytes);
    case FileFormat::kGif:
      return read_gif(bytes);
    case FileFormat::kBmp:
      return read_bmp(bytes);
    case FileFormat::kTiff:
      return read_tiff(bytes, page);
    case FileFormat::kWebp:
      return read_webp(bytes, signature.lossy);
    case FileFormat::kPnm:
      return read_pnm(bytes);
    case FileFormat::kUnknown:
      break;
  }
  throw core::InternalError("an unknown file format");
}

void check_claim(FileFormat format, std::int64_t height, std::int64_t width, std::int64_t channels) {
  if (height <= 0 || width <= 0 || channels <= 0) {
    throw core::UserError(
        fmt::format("the {} file has no pixels: its size is {} x {}", to_string(format), height, width));
  }
  if (height > kMaxPixels / width) {
    throw core::UserError(fmt::format("the {} file claims {} x {} pixels; at most {} pixels are supported",
                                      to_string(format), height, width, kMaxPixels));
  }
  if (channels > kMaxSamples / (height * width)) {
    throw core::UserError(
        fmt::format("the {} file claims {} x {} pixels of {} bands; at most {} samples are supported",
                    to_string(format), height, width, channels, kMaxSamples));
  }
}

std::vector<std::pair<std::string, std::string>> reader_versions() {
  return {{"libpng", png_library_version()},
          {"libjpeg", jpeg_library_version()},
          {"giflib", gif_library_version()},
          {"libtiff", tiff_library_version()},
          {"libwebp", webp_library_version()}};
}

}  // namespace segbench::data
