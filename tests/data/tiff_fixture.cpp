// SPDX-License-Identifier: MIT
#include "tests/data/tiff_fixture.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace segbench::data::tests {
namespace {

/// Samples of any depth packed from the highest bit on; 8, 16, 24 and 32 bits in the machine's order, which
/// libtiff turns.
std::vector<std::uint8_t> packed(const std::vector<std::uint32_t>& samples, int bits) {
  std::vector<std::uint8_t> bytes((samples.size() * static_cast<std::size_t>(bits) + 7) / 8);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (bits % 8 == 0) {
      std::memcpy(bytes.data() + i * static_cast<std::size_t>(bits / 8), &samples[i],
                  static_cast<std::size_t>(bits / 8));
      continue;
    }
    for (int b = 0; b < bits; ++b) {
      const std::size_t bit = i * static_cast<std::size_t>(bits) + static_cast<std::size_t>(b);
      if ((samples[i] >> (bits - 1 - b) & 1U) != 0) {
        bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] | 0x80U >> bit % 8);
      }
    }
  }
  return bytes;
}

void write_page(TIFF* tiff, const TiffSpec& spec, bool reduced) {
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, static_cast<std::uint32_t>(spec.width));
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, static_cast<std::uint32_t>(spec.height));
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, spec.bits);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, spec.channels);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, spec.photometric);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, spec.apart ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, spec.compression);
  TIFFSetField(tiff, TIFFTAG_ORIENTATION, spec.orientation);
  TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, spec.sample_format);
  if (reduced) TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, FILETYPE_REDUCEDIMAGE);
  if (!spec.extras.empty()) {
    TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, static_cast<int>(spec.extras.size()), spec.extras.data());
  }
  if (!spec.palette.empty()) {
    std::vector<std::uint16_t> parts[3];
    for (std::size_t c = 0; c < 3; ++c) {
      parts[c].resize(std::size_t{1} << spec.bits);
      for (std::size_t i = 0; i < spec.palette.size(); ++i) {
        parts[c][i] = static_cast<std::uint16_t>(spec.palette[i][c] * 257);
      }
    }
    TIFFSetField(tiff, TIFFTAG_COLORMAP, parts[0].data(), parts[1].data(), parts[2].data());
  }
  const std::int64_t chunk_height = spec.tile > 0 ? spec.tile : spec.rows_per_strip;
  const std::int64_t chunk_width = spec.tile > 0 ? spec.tile : spec.width;
  if (spec.tile > 0) {
    TIFFSetField(tiff, TIFFTAG_TILEWIDTH, spec.tile);
    TIFFSetField(tiff, TIFFTAG_TILELENGTH, spec.tile);
  } else {
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, spec.rows_per_strip);
  }
  std::uint32_t chunk = 0;
  for (int plane = 0; plane < (spec.apart ? spec.channels : 1); ++plane) {
    for (std::int64_t top = 0; top < spec.height; top += chunk_height) {
      for (std::int64_t left = 0; left < spec.width; left += chunk_width, ++chunk) {
        std::vector<std::uint8_t> bytes;
        const std::int64_t rows = spec.tile > 0 ? chunk_height : std::min(chunk_height, spec.height - top);
        for (std::int64_t y = top; y < top + rows; ++y) {
          std::vector<std::uint32_t> row;
          for (std::int64_t x = left; x < left + chunk_width; ++x) {
            for (int c = 0; c < spec.channels; ++c) {
              if (spec.apart && c != plane) continue;
              const bool inside = y < spec.height && x < spec.width;
              const auto i = static_cast<std::size_t>((y * spec.width + x) * spec.channels + c);
              row.push_back(inside ? spec.values[i % spec.values.size()] : 0);
            }
          }
          const std::vector<std::uint8_t> line = packed(row, spec.bits);
          bytes.insert(bytes.end(), line.begin(), line.end());
        }
        const auto size = static_cast<tmsize_t>(bytes.size());
        const tmsize_t written = spec.tile > 0 ? TIFFWriteEncodedTile(tiff, chunk, bytes.data(), size)
                                               : TIFFWriteEncodedStrip(tiff, chunk, bytes.data(), size);
        if (written < 0) throw std::runtime_error("libtiff cannot write the test's file");
      }
    }
  }
}

}  // namespace

void write_test_tiff(const std::filesystem::path& file, const TiffSpec& spec) {
  std::filesystem::create_directories(file.parent_path());
  TIFF* tiff = TIFFOpen(file.c_str(), spec.mode);
  if (tiff == nullptr) throw std::runtime_error("cannot write " + file.string());
  TiffSpec shown = spec;
  for (int page = 0; page < spec.pages; ++page) {
    write_page(tiff, shown, spec.overviews && page > 0);
    TIFFWriteDirectory(tiff);
    for (std::uint32_t& value : shown.values) value += spec.page_step;
  }
  TIFFClose(tiff);
}

}  // namespace segbench::data::tests
