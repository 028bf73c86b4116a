// SPDX-License-Identifier: MIT
#include "harness/data/codecs/bmp_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "harness/core/error.h"

namespace segbench::data {
namespace {

enum BmpCompression : std::uint32_t {
  kBmpPlain = 0,
  kBmpRle8 = 1,
  kBmpRle4 = 2,
  kBmpMasks = 3,
  kBmpAlphaMasks = 6
};

[[noreturn]] void refuse_bmp(const std::string& reason) {
  throw core::UserError(fmt::format("the BMP file is damaged: {}", reason));
}

/// Little-endian numbers; a place behind the end means that the file is cut off.
std::uint32_t bmp_number(Bytes bytes, std::size_t at, std::size_t size) {
  if (bytes.size() < size || at > bytes.size() - size) throw core::UserError("the BMP file is cut off");
  std::uint32_t value = 0;
  for (std::size_t i = size; i-- > 0;) value = value << 8 | bytes[at + i];
  return value;
}

struct BmpHeader {
  std::size_t pixels_at = 0;
  std::int64_t height = 0, width = 0;
  bool top_first = false;
  std::uint32_t bits = 0, compression = kBmpPlain;
  std::vector<Rgb> palette;
  std::array<std::uint32_t, 3> masks{};  ///< of red, green, blue in a 16- or 32-bit pixel
};

void read_bmp_masks(Bytes bytes, std::size_t header_size, BmpHeader& header) {
  if (header.bits == 16) header.masks = {0x7C00, 0x03E0, 0x001F};
  if (header.bits == 32) header.masks = {0xFF0000, 0x00FF00, 0x0000FF};
  if (header.compression != kBmpMasks && header.compression != kBmpAlphaMasks) return;
  (void)header_size;  // the masks stand at the same place, inside of a large header or behind a small one
  for (std::size_t c = 0; c < 3; ++c) header.masks[c] = bmp_number(bytes, 54 + 4 * c, 4);
  for (const std::uint32_t mask : header.masks) {
    if (mask == 0) refuse_bmp("a colour has no bits");
  }
}

void read_bmp_palette(Bytes bytes, std::size_t header_size, std::uint32_t colours, BmpHeader& header) {
  if (header.bits > 8) return;
  const std::size_t entry = header_size == 12 ? 3 : 4, most = std::size_t{1} << header.bits;
  std::size_t count = colours == 0 ? most : std::min<std::size_t>(colours, most);
  std::size_t at = 14 + header_size;
  if (header_size == 40 && header.compression == kBmpMasks) at += 12;
  if (header.pixels_at > at) count = std::min(count, (header.pixels_at - at) / entry);
  for (std::size_t i = 0; i < count; ++i) {
    const auto part = [&](std::size_t c) {
      return static_cast<std::uint8_t>(bmp_number(bytes, at + entry * i + c, 1));
    };
    header.palette.push_back({part(2), part(1), part(0)});
  }
  if (header.palette.empty()) refuse_bmp("it has no palette");
}

BmpHeader read_bmp_header(Bytes bytes) {
  BmpHeader header;
  header.pixels_at = bmp_number(bytes, 10, 4);
  const std::uint32_t size = bmp_number(bytes, 14, 4);
  std::uint32_t colours = 0;
  if (size == 12) {
    header.width = bmp_number(bytes, 18, 2), header.height = bmp_number(bytes, 20, 2);
    header.bits = bmp_number(bytes, 24, 2);
  } else if (size >= 40) {
    header.width = static_cast<std::int32_t>(bmp_number(bytes, 18, 4));
    header.height = static_cast<std::int32_t>(bmp_number(bytes, 22, 4));
    header.bits = bmp_number(bytes, 28, 2);
    header.compression = bmp_number(bytes, 30, 4);
    colours = bmp_number(bytes, 46, 4);
  } else {
    refuse_bmp(fmt::format("its header has {} bytes", size));
  }
  header.top_first = header.height < 0;
  if (header.top_first) header.height = -header.height;
  check_claim(FileFormat::kBmp, header.height, header.width, 3);
  if (header.compression == 4 || header.compression == 5) {
    throw core::UserError(fmt::format("unsupported BMP file: it wraps a {} file; use that file itself",
                                      header.compression == 4 ? "JPEG" : "PNG"));
  }
  const bool known = header.compression <= kBmpMasks || header.compression == kBmpAlphaMasks;
  const bool fits = header.compression == kBmpRle8   ? header.bits == 8
                    : header.compression == kBmpRle4 ? header.bits == 4
                    : header.compression == kBmpPlain
                        ? header.bits == 1 || header.bits == 2 || header.bits == 4 || header.bits == 8 ||
                              header.bits == 16 || header.bits == 24 || header.bits == 32
                        : header.bits == 16 || header.bits == 32;
  if (!known || !fits) {
    throw core::UserError(
        fmt::format("unsupported BMP file: {} bits with compression {}; supported: 1, 2, 4, "
                    "8, 16, 24 or 32 bits, uncompressed, run-length encoded or with bit masks",
                    header.bits, header.compression));
  }
  read_bmp_masks(bytes, size, header);
  read_bmp_palette(bytes, size, colours, header);
  return header;
}

/// Run lengths: pairs of a count and an index, and escapes (end of line, end of file, a jump, plain indices).
std::vector<std::uint8_t> read_bmp_runs(Bytes bytes, const BmpHeader& header) {
  std::vector<std::uint8_t> samples(static_cast<std::size_t>(header.height * header.width));
  const bool nibbles = header.compression == kBmpRle4;
  std::size_t at = header.pixels_at;
  std::int64_t x = 0, y = 0;  // y counts from the bottom
  const auto take = [&] { return bmp_number(bytes, at++, 1); };
  const auto put = [&](std::uint32_t index) {
    if (x >= header.width || y >= header.height) refuse_bmp("a run leaves the image");
    const std::int64_t row = header.top_first ? y : header.height - 1 - y;
    samples[static_cast<std::size_t>(row * header.width + x++)] = static_cast<std::uint8_t>(index);
  };
  while (true) {
    const std::uint32_t count = take(), value = take();
    if (count > 0) {
      for (std::uint32_t i = 0; i < count; ++i) put(!nibbles ? value : i % 2 == 0 ? value >> 4 : value & 15);
    } else if (value == 0) {
      x = 0, ++y;
    } else if (value == 1) {
      return samples;
    } else if (value == 2) {
      x += take(), y += take();
    } else {
      std::uint32_t byte = 0;
      for (std::uint32_t i = 0; i < value; ++i) {
        if (!nibbles || i % 2 == 0) byte = take();
        put(!nibbles ? byte : i % 2 == 0 ? byte >> 4 : byte & 15);
      }
      const std::uint32_t used = nibbles ? (value + 1) / 2 : value;
      at += used % 2;  // to an even place
    }
  }
}

std::vector<std::uint8_t> read_bmp_rows(Bytes bytes, const BmpHeader& header) {
  const auto width = static_cast<std::size_t>(header.width), height = static_cast<std::size_t>(header.height);
  const std::size_t row_bytes = (width * header.bits + 31) / 32 * 4, channels = header.bits <= 8 ? 1 : 3;
  // Writers leave out the padding of the last row now and then.
  const std::size_t needed = row_bytes * (height - 1) + (width * header.bits + 7) / 8;
  if (header.pixels_at > bytes.size() || bytes.size() - header.pixels_at < needed) {
    throw core::UserError("the BMP file is cut off");
  }
  std::vector<std::uint8_t> samples(width * height * channels);
  for (std::size_t y = 0; y < height; ++y) {
    const std::uint8_t* in =
        bytes.data() + header.pixels_at + row_bytes * (header.top_first ? y : height - 1 - y);
    std::uint8_t* out = samples.data() + y * width * channels;
    for (std::size_t x = 0; x < width; ++x) {
      if (header.bits <= 8) {
        const std::size_t bit = x * header.bits;
        *out++ =
            static_cast<std::uint8_t>(in[bit / 8] >> (8 - header.bits - bit % 8) & ((1U << header.bits) - 1));
      } else if (header.bits == 24) {
        *out++ = in[3 * x + 2], *out++ = in[3 * x + 1], *out++ = in[3 * x];
      } else {
        const std::size_t size = header.bits / 8;
        std::uint32_t pixel = 0;
        for (std::size_t i = size; i-- > 0;) pixel = pixel << 8 | in[x * size + i];
        for (const std::uint32_t mask : header.masks) {
          const std::uint64_t most = mask >> std::countr_zero(mask);
          const std::uint64_t value = (pixel & mask) >> std::countr_zero(mask);
          *out++ = static_cast<std::uint8_t>((value * 255 + most / 2) / most);
        }
      }
    }
  }
  return samples;
}

}  // namespace

StoredImage read_bmp(Bytes bytes) {
  const BmpHeader header = read_bmp_header(bytes);
  StoredImage stored;
  stored.format = FileFormat::kBmp;
  stored.height = header.height, stored.width = header.width;
  stored.palette = header.palette;
  stored.channels = header.bits <= 8 ? 1 : 3;
  stored.rgb = stored.channels == 3;
  stored.bits = header.bits <= 8 ? static_cast<int>(header.bits) : 8;
  stored.maximum = (1U << stored.bits) - 1;
  const bool runs = header.compression == kBmpRle8 || header.compression == kBmpRle4;
  stored.samples = runs ? read_bmp_runs(bytes, header) : read_bmp_rows(bytes, header);
  return stored;
}

}  // namespace segbench::data
