// SPDX-License-Identifier: MIT
#include "harness/data/codecs/tiff_chunks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "harness/core/error.h"

namespace segbench::data {
namespace {

/// How the pixels are cut into chunks: strips are as wide as the image, tiles may reach over its edges.
struct ChunkLayout {
  bool tiled = false, apart = false;                 ///< apart: every band has chunks of its own
  std::int64_t height = 0, width = 0, channels = 0;  ///< of a chunk
  std::int64_t rows = 0, columns = 0;                ///< of chunks, for one band
  std::size_t row_bytes = 0;                         ///< of a chunk's row, which begins at a byte
};

ChunkLayout chunk_layout(TIFF* tiff, const StoredImage& stored) {
  ChunkLayout layout;
  std::uint16_t planar = PLANARCONFIG_CONTIG;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &planar);
  layout.apart = planar == PLANARCONFIG_SEPARATE && stored.channels > 1;
  layout.channels = layout.apart ? 1 : stored.channels;
  layout.tiled = TIFFIsTiled(tiff) != 0;
  std::uint32_t height = 0, width = static_cast<std::uint32_t>(stored.width);
  if (layout.tiled) {
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &height);
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &width);
  } else {
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &height);
    height = std::min(height, static_cast<std::uint32_t>(stored.height));
  }
  if (height == 0 || width == 0)
    throw core::UserError("the TIFF file is damaged: its strips or tiles are empty");
  layout.height = height, layout.width = width;
  layout.rows = (stored.height + layout.height - 1) / layout.height;
  layout.columns = (stored.width + layout.width - 1) / layout.width;
  layout.row_bytes = static_cast<std::size_t>((layout.width * layout.channels * stored.bits + 7) / 8);
  return layout;
}

/// Samples of 1 to 32 bits, out of a row of bytes: those of 8, 16 and 32 bits in the machine's byte order,
/// where libtiff has put them, others packed from the highest bit on.
template <typename Sample>
void unpack_row(const std::uint8_t* row, std::size_t count, int bits, Sample* out, std::size_t step) {
  if (bits == 8) {
    for (std::size_t i = 0; i < count; ++i) out[i * step] = row[i];
  } else if (bits == 16 || bits == 32) {
    const auto size = static_cast<std::size_t>(bits / 8);
    for (std::size_t i = 0; i < count; ++i) {
      std::uint32_t value = 0;
      std::memcpy(&value, row + i * size, size);
      out[i * step] = static_cast<Sample>(value);
    }
  } else if (bits == 24) {
    for (std::size_t i = 0; i < count; ++i) {
      std::uint32_t value = 0;
      std::memcpy(&value, row + 3 * i, 3);
      out[i * step] = static_cast<Sample>(value);
    }
  } else {
    std::uint64_t buffer = 0;
    int held = 0;
    for (std::size_t i = 0; i < count; ++i) {
      while (held < bits) buffer = buffer << 8 | *row++, held += 8;
      held -= bits;
      out[i * step] = static_cast<Sample>(buffer >> held & ((std::uint64_t{1} << bits) - 1));
    }
  }
}

/// One chunk, decoded into `out`; throws when it is not whole.
void read_chunk(TiffSession& session, const ChunkLayout& layout, std::uint32_t index, std::uint8_t* out,
                std::size_t bytes, bool lossy) {
  const auto size = static_cast<tmsize_t>(bytes);
  session.take_warning();
  const tmsize_t read = layout.tiled ? TIFFReadEncodedTile(session.tiff(), index, out, size)
                                     : TIFFReadEncodedStrip(session.tiff(), index, out, size);
  if (read < 0 || (lossy && session.take_warning())) session.refuse();
  if (read != size) {
    throw core::UserError(fmt::format("the TIFF file is damaged or cut off: {} {} holds {} bytes of {}",
                                      layout.tiled ? "tile" : "strip", index, read, size));
  }
}

template <typename Sample>
std::vector<Sample> read_samples(TiffSession& session, const ChunkLayout& layout, const StoredImage& stored) {
  const auto channels = static_cast<std::size_t>(stored.channels),
             width = static_cast<std::size_t>(stored.width);
  const std::size_t planes = layout.apart ? channels : 1;
  const std::size_t chunk_bytes = layout.row_bytes * static_cast<std::size_t>(layout.height);
  std::vector<Sample> samples;
  std::vector<std::uint8_t> chunk;
  // A chunk of whole rows whose samples lie in memory as in the image is decoded in place.
  const bool in_place = !layout.tiled && !layout.apart && stored.bits == static_cast<int>(8 * sizeof(Sample));
  std::uint32_t index = 0;
  for (std::size_t plane = 0; plane < planes; ++plane) {
    for (std::int64_t row = 0; row < layout.rows; ++row) {
      for (std::int64_t column = 0; column < layout.columns; ++column, ++index) {
        const std::int64_t top = row * layout.height, left = column * layout.width;
        const std::int64_t rows = std::min(layout.height, stored.height - top);
        const auto columns = static_cast<std::size_t>(std::min(layout.width, stored.width - left));
        const std::size_t bytes =
            layout.tiled ? chunk_bytes : layout.row_bytes * static_cast<std::size_t>(rows);
        if (in_place) {
          if (samples.empty()) samples.resize(width * static_cast<std::size_t>(stored.height) * channels);
          Sample* out = samples.data() + static_cast<std::size_t>(top) * width * channels;
          read_chunk(session, layout, index, reinterpret_cast<std::uint8_t*>(out), bytes, stored.lossy);
          continue;
        }
        if (chunk.empty()) chunk.resize(chunk_bytes);
        read_chunk(session, layout, index, chunk.data(), bytes, stored.lossy);
        if (samples.empty()) samples.resize(width * static_cast<std::size_t>(stored.height) * channels);
        const auto in_chunk = static_cast<std::size_t>(layout.channels);
        for (std::int64_t y = 0; y < rows; ++y) {
          const std::size_t pixel =
              static_cast<std::size_t>(top + y) * width + static_cast<std::size_t>(left);
          unpack_row(chunk.data() + static_cast<std::size_t>(y) * layout.row_bytes, columns * in_chunk,
                     stored.bits, samples.data() + pixel * channels + plane, layout.apart ? channels : 1);
        }
      }
    }
  }
  return samples;
}

}  // namespace

void read_tiff_chunks(TiffSession& session, StoredImage& stored) {
  TIFF* tiff = session.tiff();
  const ChunkLayout layout = chunk_layout(tiff, stored);
  const std::uint64_t expected = static_cast<std::uint64_t>(layout.rows) *
                                 static_cast<std::uint64_t>(layout.columns) *
                                 static_cast<std::uint64_t>(layout.apart ? stored.channels : 1);
  const std::uint64_t found = layout.tiled ? TIFFNumberOfTiles(tiff) : TIFFNumberOfStrips(tiff);
  const std::uint64_t chunk =
      layout.tiled ? TIFFTileSize64(tiff) : TIFFVStripSize64(tiff, static_cast<std::uint32_t>(layout.height));
  const auto ours = static_cast<std::uint64_t>(layout.row_bytes) * static_cast<std::uint64_t>(layout.height);
  if (found != expected || chunk != ours) {
    throw core::UserError(
        fmt::format("the TIFF file is damaged: {} {} of {} bytes do not make its {} x {} pixels", found,
                    layout.tiled ? "tiles" : "strips", chunk, stored.height, stored.width));
  }
  // Before anything is allocated: a file that is not compressed must be as large as its pixels, and a tile is
  // not much larger than the image.
  const auto row_bits = static_cast<std::uint64_t>(stored.width) *
                        static_cast<std::uint64_t>(stored.channels) * static_cast<std::uint64_t>(stored.bits);
  const std::uint64_t pixels = (row_bits + 7) / 8 * static_cast<std::uint64_t>(stored.height);
  std::uint16_t compression = COMPRESSION_NONE;
  TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &compression);
  constexpr std::uint64_t kSmall = std::uint64_t{1} << 26;
  if ((compression == COMPRESSION_NONE && pixels > session.bytes().size()) || ours > kSmall + 4 * pixels) {
    throw core::UserError(
        fmt::format("the TIFF file is damaged or cut off: {} bytes cannot hold its {} x {} pixels",
                    session.bytes().size(), stored.height, stored.width));
  }
  if (stored.bits <= 8)
    stored.samples = read_samples<std::uint8_t>(session, layout, stored);
  else if (stored.bits <= 16)
    stored.samples = read_samples<std::uint16_t>(session, layout, stored);
  else
    stored.samples = read_samples<std::uint32_t>(session, layout, stored);
}

}  // namespace segbench::data
