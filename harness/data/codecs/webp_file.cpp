// SPDX-License-Identifier: MIT
#include "harness/data/codecs/webp_file.h"

#include <fmt/format.h>
#include <webp/decode.h>

#include "harness/core/error.h"
#include "harness/data/codecs/exif.h"

namespace segbench::data {

StoredImage read_webp(Bytes bytes, bool lossy) {
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(bytes.data(), bytes.size(), &features) != VP8_STATUS_OK) {
    throw core::UserError("the WebP file is damaged: its header cannot be read");
  }
  if (features.has_animation != 0) {
    throw core::UserError("animated WebP files are not supported; use a WebP file with a single image");
  }
  StoredImage stored;
  stored.format = FileFormat::kWebp;
  stored.height = features.height, stored.width = features.width;
  stored.channels = features.has_alpha != 0 ? 4 : 3;
  stored.alpha = features.has_alpha != 0 ? 3 : -1;
  stored.rgb = true;
  stored.lossy = lossy;
  stored.orientation = orientation_of_webp(bytes);
  check_claim(stored.format, stored.height, stored.width, stored.channels);
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(stored.height * stored.width * stored.channels));
  const int stride = features.width * stored.channels;
  const std::uint8_t* decoded =
      features.has_alpha != 0
          ? WebPDecodeRGBAInto(bytes.data(), bytes.size(), pixels.data(), pixels.size(), stride)
          : WebPDecodeRGBInto(bytes.data(), bytes.size(), pixels.data(), pixels.size(), stride);
  if (decoded == nullptr) throw core::UserError("the WebP file is damaged");
  stored.samples = std::move(pixels);
  return stored;
}

std::string webp_library_version() {
  const int version = WebPGetDecoderVersion();
  return fmt::format("{}.{}.{}", version >> 16, version >> 8 & 0xFF, version & 0xFF);
}

}  // namespace segbench::data
