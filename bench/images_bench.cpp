// SPDX-License-Identifier: MIT
// What reading an image costs, by format: the same picture of 512 x 512 in RGB, from bytes to pixels and
// their hash, as the audit does it. Compare items_per_second (pixels); TIFF should take at most 1.2 times as
// long as PNG.
#include <benchmark/benchmark.h>
#include <tiffio.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "harness/core/hash.h"
#include "harness/data/codecs/image_file.h"

namespace {

namespace data = segbench::data;

constexpr std::int64_t kSide = 512;

/// Smooth areas with noise, as photographs have.
const data::Image& picture() {
  static const data::Image kPicture = [] {
    data::Image image{kSide, kSide, 3, {}};
    std::uint32_t state = 1;
    for (std::int64_t i = 0; i < kSide * kSide * 3; ++i) {
      state = state * 1664525U + 1013904223U;
      image.pixels.push_back(static_cast<std::uint8_t>((i / 3 % kSide + i / 3 / kSide) / 4 + (state >> 29)));
    }
    return image;
  }();
  return kPicture;
}

std::vector<std::uint8_t> content(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::vector<std::uint8_t> bytes(std::istreambuf_iterator<char>(in), {});
  std::filesystem::remove(file);
  return bytes;
}

std::filesystem::path scratch_file() {
  return std::filesystem::temp_directory_path() / "segbench_images_bench";
}

std::vector<std::uint8_t> tiff_bytes(int compression, int predictor, bool tiles) {
  TIFF* tiff = TIFFOpen(scratch_file().c_str(), "w");
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, static_cast<std::uint32_t>(kSide));
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, static_cast<std::uint32_t>(kSide));
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 3);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, compression);
  if (predictor > 1) TIFFSetField(tiff, TIFFTAG_PREDICTOR, predictor);
  std::vector<std::uint8_t> pixels = picture().pixels;
  if (tiles) {
    constexpr std::int64_t kTile = 256;
    TIFFSetField(tiff, TIFFTAG_TILEWIDTH, static_cast<std::uint32_t>(kTile));
    TIFFSetField(tiff, TIFFTAG_TILELENGTH, static_cast<std::uint32_t>(kTile));
    std::vector<std::uint8_t> tile(static_cast<std::size_t>(kTile * kTile * 3));
    for (std::int64_t t = 0; t < 4; ++t) {
      for (std::int64_t y = 0; y < kTile; ++y) {
        const auto from = ((t / 2 * kTile + y) * kSide + t % 2 * kTile) * 3;
        std::copy_n(pixels.begin() + from, kTile * 3, tile.begin() + y * kTile * 3);
      }
      TIFFWriteEncodedTile(tiff, static_cast<std::uint32_t>(t), tile.data(),
                           static_cast<tmsize_t>(tile.size()));
    }
  } else {
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 1);  // as many writers do, and the most work for a reader
    for (std::uint32_t y = 0; y < kSide; ++y) TIFFWriteScanline(tiff, pixels.data() + y * kSide * 3, y);
  }
  TIFFClose(tiff);
  return content(scratch_file());
}

void read_image(benchmark::State& state, const std::vector<std::uint8_t>& bytes) {
  for (auto _ : state) {
    const data::Image image = data::decode_image(bytes);
    segbench::core::Sha256 hash;
    hash.update(image.bytes());
    benchmark::DoNotOptimize(hash.hex_digest());
  }
  state.SetItemsProcessed(state.iterations() * kSide * kSide);
}

void read_png_image(benchmark::State& state) {
  data::write_png(scratch_file(), picture());
  read_image(state, content(scratch_file()));
}
void read_tiff_image(benchmark::State& state, int compression, int predictor, bool tiles) {
  read_image(state, tiff_bytes(compression, predictor, tiles));
}

BENCHMARK(read_png_image);
BENCHMARK_CAPTURE(read_tiff_image, plain, COMPRESSION_NONE, 1, false);
BENCHMARK_CAPTURE(read_tiff_image, plain_tiles, COMPRESSION_NONE, 1, true);
BENCHMARK_CAPTURE(read_tiff_image, lzw, COMPRESSION_LZW, 2, false);
BENCHMARK_CAPTURE(read_tiff_image, deflate, COMPRESSION_ADOBE_DEFLATE, 2, false);
BENCHMARK_CAPTURE(read_tiff_image, deflate_tiles, COMPRESSION_ADOBE_DEFLATE, 2, true);

}  // namespace
