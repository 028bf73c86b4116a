// SPDX-License-Identifier: MIT
#include "harness/data/codecs/image_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <type_traits>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/text.h"
#include "harness/data/codecs/png_file.h"
#include "harness/data/codecs/resize.h"

namespace segbench::data {
namespace {

constexpr std::uintmax_t kMaxFileBytes = std::uintmax_t{1} << 30;

/// Which channels of the file become those of the image, in order.
std::vector<int> chosen_channels(const StoredImage& stored, std::int64_t wanted) {
  std::vector<int> bands;
  for (int c = 0; c < stored.channels; ++c) {
    if (c != stored.alpha) bands.push_back(c);
  }
  const auto found = static_cast<std::int64_t>(bands.size());
  if (wanted == 1 || wanted == 3) {
    if (found == 1) return {bands[0], bands[0], bands[0]};
    if (found == 3 || (found > 3 && (wanted == 3 || stored.rgb))) return {bands[0], bands[1], bands[2]};
  } else if (found >= wanted) {
    bands.resize(static_cast<std::size_t>(wanted));
    return bands;
  } else if (stored.channels == wanted) {  // alpha is wanted as a band
    bands.clear();
    for (int c = 0; c < stored.channels; ++c) bands.push_back(c);
    return bands;
  }
  throw core::UserError(fmt::format("the image has {} band{} ({}), data.channels is {}; set channels = {}",
                                    found, found == 1 ? "" : "s", stored.kind(), wanted,
                                    found == 1 ? "1 or 3" : fmt::format("{}", found)));
}

/// Stored samples to the image's: scaled by the maximum to all of 8 or 16 bits unless the scale is kept, and
/// 0 is black.
template <typename Out>
class SampleScale {
 public:
  SampleScale(const StoredImage& stored, bool keep)
      : maximum_(stored.maximum), inverted_(stored.minimum_is_white), keep_(keep || maximum_ == kTop) {}
  Out operator()(std::uint32_t value) const {
    if (inverted_) value = maximum_ - std::min(value, maximum_);
    if (keep_) return static_cast<Out>(value);
    return static_cast<Out>((std::uint64_t{value} * kTop + maximum_ / 2) / maximum_);
  }
  bool changes_nothing() const { return keep_ && !inverted_; }

 private:
  static constexpr std::uint32_t kTop = std::numeric_limits<Out>::max();
  std::uint32_t maximum_;
  bool inverted_, keep_;
};

template <typename Out, typename In>
std::vector<Out> scaled_samples(const StoredImage& stored, const std::vector<In>& in, const ImageRule& rule,
                                std::int64_t& channels) {
  const std::vector<int> chosen = chosen_channels(stored, rule.channels);
  channels = static_cast<std::int64_t>(chosen.size());
  const SampleScale<Out> scale(stored, rule.stored_scale);
  std::vector<Out> out;
  if constexpr (std::is_same_v<In, Out>) {
    if (scale.changes_nothing() && channels == stored.channels) return in;  // in the file's own order
  }
  out.reserve(in.size() / static_cast<std::size_t>(stored.channels) * chosen.size());
  for (std::size_t i = 0; i < in.size(); i += static_cast<std::size_t>(stored.channels)) {
    for (const int c : chosen) out.push_back(scale(in[i + static_cast<std::size_t>(c)]));
  }
  return out;
}

template <typename In>
std::vector<std::uint8_t> looked_up(const StoredImage& stored, const std::vector<In>& in) {
  std::vector<std::uint8_t> out;
  const auto step = static_cast<std::size_t>(stored.channels);
  out.reserve(in.size() / step * 3);
  for (std::size_t i = 0; i < in.size(); i += step) {
    if (in[i] >= stored.palette.size()) {
      throw core::UserError(fmt::format("the {} file is damaged: its palette has no entry {}",
                                        to_string(stored.format), in[i]));
    }
    const Rgb& colour = stored.palette[in[i]];
    out.insert(out.end(), colour.begin(), colour.end());
  }
  return out;
}

/// R = (max - C) (max - K) / max, and so on, in all of 8 or 16 bits.
template <typename Out, typename In>
std::vector<Out> without_ink(const StoredImage& stored, const std::vector<In>& in) {
  constexpr std::uint64_t kTop = std::numeric_limits<Out>::max();
  const std::uint64_t maximum = stored.maximum, square = maximum * maximum;
  const auto step = static_cast<std::size_t>(stored.channels);
  std::vector<Out> out;
  out.reserve(in.size() / step * 3);
  for (std::size_t i = 0; i < in.size(); i += step) {
    for (std::size_t c = 0; c < 3; ++c) {
      const std::uint64_t light = (maximum - in[i + c]) * (maximum - in[i + 3]);
      out.push_back(static_cast<Out>((light * kTop + square / 2) / square));
    }
  }
  return out;
}

/// Palettes and ink have a way of their own to red, green and blue.
void check_colour_bands(const StoredImage& stored, std::int64_t wanted) {
  if (wanted == 1 || wanted == 3) return;
  throw core::UserError(
      fmt::format("the image has red, green and blue ({}), data.channels is {}; set channels = 3",
                  stored.kind(), wanted));
}

}  // namespace

std::vector<std::uint8_t> read_sample_file(const std::filesystem::path& file) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(file, error);
  if (error == std::errc::too_many_symbolic_link_levels) throw core::UserError("a loop of symbolic links");
  if (status.type() == std::filesystem::file_type::not_found) {
    throw core::UserError(std::filesystem::is_symlink(std::filesystem::symlink_status(file, error))
                              ? "a symbolic link to a file that is not there"
                              : "there is no such file");
  }
  if (error) throw core::UserError(fmt::format("cannot be read: {}", error.message()));
  if (std::filesystem::is_directory(status)) throw core::UserError("a folder, not an image file");
  if (!std::filesystem::is_regular_file(status)) throw core::UserError("not a regular file");
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (size == 0) throw core::UserError("the file is empty");
  if (error || size > kMaxFileBytes) {
    throw core::UserError(fmt::format("the file has {}; at most {} is supported", core::human_bytes(size),
                                      core::human_bytes(kMaxFileBytes)));
  }
  std::vector<std::uint8_t> bytes(size);
  std::ifstream in(file, std::ios::binary);
  if (!in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size))) {
    throw core::UserError("cannot be read");
  }
  return bytes;
}

Image image_of(const StoredImage& stored, const ImageRule& rule) {
  Image image{stored.height, stored.width, 3, {}};
  if (stored.bits > 16) {
    throw core::UserError(
        fmt::format("unsupported image format: {}; images may have up to 16 bits per sample", stored.kind()));
  }
  const bool wide = stored.maximum > 255;
  std::visit(
      [&](const auto& samples) {
        if (!stored.palette.empty()) {
          check_colour_bands(stored, rule.channels);
          image.pixels = looked_up(stored, samples);
        } else if (stored.cmyk) {
          check_colour_bands(stored, rule.channels);
          if (wide)
            image.wide = without_ink<std::uint16_t>(stored, samples);
          else
            image.pixels = without_ink<std::uint8_t>(stored, samples);
        } else if (wide) {
          image.wide = scaled_samples<std::uint16_t>(stored, samples, rule, image.channels);
        } else {
          image.pixels = scaled_samples<std::uint8_t>(stored, samples, rule, image.channels);
        }
      },
      stored.samples);
  return rule.apply_orientation ? oriented(std::move(image), stored.orientation) : image;
}

Image decode_image(Bytes bytes, const ImageRule& rule) {
  return image_of(read_stored(bytes), rule);
}

ImageRule image_rule(const core::DataConfig& config) {
  return {.channels = config.channels,
          .stored_scale = config.range.has_value(),
          .apply_orientation = config.apply_orientation};
}

Image network_input(Image decoded, const ImageRule& rule, std::int64_t height, std::int64_t width, int bits) {
  Image image = resize_bilinear(with_channels(std::move(decoded), rule.channels), height, width);
  if (image.bits() == bits) return image;
  if (!rule.stored_scale) return bits == 16 ? to_16_bits(std::move(image)) : to_8_bits(std::move(image));
  if (bits == 16) {
    image.wide.assign(image.pixels.begin(), image.pixels.end());
    image.pixels.clear();
  } else {
    for (const std::uint16_t value : image.wide) {
      image.pixels.push_back(static_cast<std::uint8_t>(std::min<std::uint16_t>(value, 255)));
    }
    image.wide.clear();
  }
  return image;
}

Image view_of(const Image& input, const core::PixelRange& range) {
  return {input.height, input.width, input.channels >= 3 ? 3 : 1,
          core::view_pixels(input.bytes(), input.channels, range)};
}

void write_png(const std::filesystem::path& file, const Image& image) {
  core::write_file_atomically(file, png_of(image), core::OnDisk::kLater);
}

}  // namespace segbench::data
