// SPDX-License-Identifier: MIT
#include "harness/data/codecs/mask_file.h"

#include <fmt/format.h>

#include <type_traits>

#include "harness/core/error.h"

namespace segbench::data {
namespace {

constexpr std::uint32_t kLargestValue = 65535;

template <typename Sample>
std::vector<std::uint16_t> mask_values_of(const StoredImage& stored, const std::vector<Sample>& samples) {
  const auto step = static_cast<std::size_t>(stored.channels);
  const std::size_t offset = stored.alpha == 0 ? 1 : 0;
  std::vector<std::uint16_t> values;
  values.reserve(samples.size() / step);
  for (std::size_t i = offset; i < samples.size(); i += step) {
    if (std::uint32_t{samples[i]} > kLargestValue) {
      throw core::UserError(fmt::format("unsupported mask value in {}: {}; at most {} is supported",
                                        stored.kind(), samples[i], kLargestValue));
    }
    values.push_back(static_cast<std::uint16_t>(samples[i]));
  }
  return values;
}

std::vector<Rgb> mask_colours_of(const StoredImage& stored, const std::vector<std::uint8_t>& samples) {
  const auto step = static_cast<std::size_t>(stored.channels);
  std::vector<Rgb> colours;
  colours.reserve(samples.size() / step);
  for (std::size_t i = 0; i < samples.size(); i += step) {
    colours.push_back({samples[i], samples[i + 1], samples[i + 2]});
  }
  return colours;
}

}  // namespace

RawMask mask_of(StoredImage stored) {
  RawMask mask;
  mask.height = stored.height, mask.width = stored.width;
  mask.storage = stored.kind();
  mask.through_palette = stored.format == FileFormat::kGif;
  mask.bits = stored.bits;
  mask.orientation = stored.orientation;
  if (stored.lossy) {
    throw core::UserError(fmt::format(
        "unsupported mask format: {} with lossy compression, which alters label values; use PNG, GIF, BMP, "
        "PNM, lossless WebP or TIFF without JPEG",
        to_string(stored.format)));
  }
  if (stored.pages > 1) {
    throw core::UserError(
        fmt::format("unsupported mask format: {} of {} pages; only one page is supported, so split the "
                    "file and give each image its own page",
                    mask.storage, stored.pages));
  }
  if (stored.bands() == 1) {
    mask.palette = std::move(stored.palette);
    mask.values =
        std::visit([&](const auto& samples) { return mask_values_of(stored, samples); }, stored.samples);
    return mask;
  }
  const auto* bytes = std::get_if<std::vector<std::uint8_t>>(&stored.samples);
  if (stored.bands() != 3 || stored.cmyk || bytes == nullptr || stored.maximum != 255) {
    throw core::UserError(
        fmt::format("unsupported mask format: {}; use 8-bit RGB, greyscale or a palette", mask.storage));
  }
  mask.colours = mask_colours_of(stored, *bytes);
  return mask;
}

RawMask decode_mask(Bytes bytes) {
  return mask_of(read_stored(bytes));
}

}  // namespace segbench::data
