// SPDX-License-Identifier: MIT
#include "harness/data/codecs/tiff_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "harness/data/codecs/image_file.h"
#include "harness/data/codecs/mask_file.h"
#include "tests/data/fixtures.h"
#include "tests/data/tiff_fixture.h"
#include "tests/support/temporary_folder.h"

namespace segbench::data {
namespace {

using segbench::tests::TemporaryFolder;
using testing::HasSubstr;
using tests::bytes_of;
using tests::TiffSpec;
using tests::write_test_tiff;

/// Numbers up to `most`, of their own at every place.
std::vector<std::uint32_t> tiff_values(std::size_t count, std::uint32_t most) {
  std::vector<std::uint32_t> values;
  std::uint32_t state = 7;
  for (std::size_t i = 0; i < count; ++i) {
    state = state * 1664525U + 1013904223U;
    values.push_back(most == 0xFFFFFFFFU ? state : (state >> 3) % (most + 1));
  }
  return values;
}

std::vector<std::uint32_t> samples_of(const StoredImage& stored) {
  return std::visit(
      [](const auto& samples) { return std::vector<std::uint32_t>(samples.begin(), samples.end()); },
      stored.samples);
}

std::string tiff_problem(const std::filesystem::path& file, bool mask = false) {
  try {
    if (mask)
      decode_mask(bytes_of(file));
    else
      decode_image(bytes_of(file));
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "";
}

TEST(Tiff, KeepsStoredSamplesOfEveryDepthAndLayout) {
  const TemporaryFolder folder;
  int read = 0;
  for (const int bits : {1, 2, 3, 4, 6, 7, 8, 10, 12, 14, 16, 17, 24, 31, 32}) {
    for (const int channels : {1, 2, 3, 5}) {
      for (const bool apart : {false, true}) {
        for (const int tile : {0, 16}) {
          for (const char* mode : {"wl", "wb", "w8"}) {
            const std::uint32_t most = static_cast<std::uint32_t>((std::uint64_t{1} << bits) - 1);
            TiffSpec spec{.height = 19,
                          .width = 21,
                          .channels = channels,
                          .bits = bits,
                          .values = tiff_values(static_cast<std::size_t>(19 * 21 * channels), most)};
            spec.apart = apart, spec.tile = tile, spec.mode = mode;
            spec.extras.assign(static_cast<std::size_t>(channels - 1), EXTRASAMPLE_UNSPECIFIED);
            write_test_tiff(folder / "a.tif", spec);
            const StoredImage stored = read_stored(bytes_of(folder / "a.tif"));
            ASSERT_EQ(samples_of(stored), spec.values) << bits << " bits, " << channels << " bands, apart "
                                                       << apart << ", tile " << tile << ", " << mode;
            EXPECT_EQ(stored.bands(), channels);
            EXPECT_EQ(stored.maximum, most);
            ++read;
          }
        }
      }
    }
  }
  EXPECT_EQ(read, 15 * 4 * 2 * 2 * 3);
}

TEST(Tiff, KeepsStoredSamplesOfEveryLosslessCompression) {
  const TemporaryFolder folder;
  for (const int compression : {COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_DEFLATE,
                                COMPRESSION_PACKBITS, COMPRESSION_ZSTD, COMPRESSION_LZMA}) {
    if (TIFFIsCODECConfigured(static_cast<std::uint16_t>(compression)) == 0) continue;
    for (const int bits : {1, 8, 16}) {
      TiffSpec spec{.height = 13,
                    .width = 30,
                    .channels = 3,
                    .bits = bits,
                    .values = tiff_values(13 * 30 * 3, (1U << bits) - 1),
                    .photometric = PHOTOMETRIC_RGB};
      spec.compression = compression;
      write_test_tiff(folder / "a.tif", spec);
      EXPECT_EQ(samples_of(read_stored(bytes_of(folder / "a.tif"))), spec.values)
          << compression << " " << bits;
    }
  }
}

TEST(Tiff, DropsAlphaWithoutMultiplyingAndKeepsBands) {
  const TemporaryFolder folder;
  for (const int alpha : {EXTRASAMPLE_ASSOCALPHA, EXTRASAMPLE_UNASSALPHA}) {
    TiffSpec spec{.height = 1,
                  .width = 1,
                  .channels = 4,
                  .values = {200, 100, 50, 10},
                  .photometric = PHOTOMETRIC_RGB,
                  .extras = {static_cast<std::uint16_t>(alpha)}};
    write_test_tiff(folder / "a.tif", spec);
    EXPECT_EQ(decode_image(bytes_of(folder / "a.tif")).pixels, (std::vector<std::uint8_t>{200, 100, 50}));
    // Asked for, it is a band: near infrared is labelled as alpha by some programs.
    EXPECT_EQ(decode_image(bytes_of(folder / "a.tif"), {.channels = 4}).pixels,
              (std::vector<std::uint8_t>{200, 100, 50, 10}));
  }
  TiffSpec bands{
      .height = 1, .width = 1, .channels = 5, .bits = 16, .values = {1000, 2000, 3000, 4000, 5000}};
  bands.extras.assign(4, EXTRASAMPLE_UNSPECIFIED);
  write_test_tiff(folder / "b.tif", bands);
  EXPECT_EQ(decode_image(bytes_of(folder / "b.tif"), {.channels = 5}).wide,
            (std::vector<std::uint16_t>{1000, 2000, 3000, 4000, 5000}));
  EXPECT_EQ(decode_image(bytes_of(folder / "b.tif")).wide, (std::vector<std::uint16_t>{1000, 2000, 3000}));
  try {
    decode_image(bytes_of(folder / "b.tif"), {.channels = 6});
    FAIL();
  } catch (const core::UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("has 5 bands (16-bit TIFF of 5 bands), data.channels is 6"));
  }
}

TEST(Tiff, InvertsWhiteIsZeroInImagesOnly) {
  const TemporaryFolder folder;
  write_test_tiff(
      folder / "a.tif",
      {.height = 1, .width = 2, .bits = 1, .values = {0, 1}, .photometric = PHOTOMETRIC_MINISWHITE});
  EXPECT_EQ(decode_image(bytes_of(folder / "a.tif")).pixels,
            (std::vector<std::uint8_t>{255, 255, 255, 0, 0, 0}));
  EXPECT_EQ(decode_mask(bytes_of(folder / "a.tif")).values, (std::vector<std::uint16_t>{0, 1}));
}

TEST(Tiff, KeepsPaletteIndicesOfMasksAndLooksUpImages) {
  const TemporaryFolder folder;
  TiffSpec spec{.height = 1, .width = 3, .values = {2, 0, 1}, .photometric = PHOTOMETRIC_PALETTE};
  spec.palette = {{9, 8, 7}, {200, 100, 50}, {1, 2, 3}};
  write_test_tiff(folder / "a.tif", spec);
  EXPECT_EQ(decode_mask(bytes_of(folder / "a.tif")).values, (std::vector<std::uint16_t>{2, 0, 1}));
  EXPECT_EQ(decode_image(bytes_of(folder / "a.tif")).pixels,
            (std::vector<std::uint8_t>{1, 2, 3, 9, 8, 7, 200, 100, 50}));
}

TEST(Tiff, RefusesByTheTrueName) {
  const TemporaryFolder folder;
  TiffSpec spec{.height = 4, .width = 4, .bits = 32, .values = {1}};
  spec.sample_format = SAMPLEFORMAT_IEEEFP;
  write_test_tiff(folder / "float.tif", spec);
  EXPECT_THAT(tiff_problem(folder / "float.tif"), HasSubstr("floating-point numbers of 32 bits"));
  spec.sample_format = SAMPLEFORMAT_INT, spec.bits = 16;
  write_test_tiff(folder / "int.tif", spec);
  EXPECT_THAT(tiff_problem(folder / "int.tif", true), HasSubstr("signed integers of 16 bits"));
  write_test_tiff(folder / "lab.tif",
                  {.height = 4, .width = 4, .channels = 3, .values = {1}, .photometric = PHOTOMETRIC_CIELAB});
  EXPECT_THAT(tiff_problem(folder / "lab.tif"), HasSubstr("CIE L*a*b*"));
  write_test_tiff(folder / "wide.tif", {.height = 4, .width = 4, .bits = 32, .values = {1}});
  EXPECT_THAT(tiff_problem(folder / "wide.tif"),
              HasSubstr("32-bit grey TIFF; images may have up to 16 bits"));
  EXPECT_EQ(decode_mask(bytes_of(folder / "wide.tif")).values[0], 1);
  write_test_tiff(folder / "big.tif", {.height = 4, .width = 4, .bits = 32, .values = {70000}});
  EXPECT_THAT(tiff_problem(folder / "big.tif", true), HasSubstr("70000; at most 65535 is supported"));
}

TEST(Tiff, CountsPagesButNoOverviews) {
  const TemporaryFolder folder;
  TiffSpec spec{.height = 4, .width = 4, .values = {1}, .pages = 3};
  write_test_tiff(folder / "pages.tif", spec);
  EXPECT_EQ(read_stored(bytes_of(folder / "pages.tif")).pages, 3);
  EXPECT_THAT(tiff_problem(folder / "pages.tif", true),
              HasSubstr("8-bit grey TIFF of 3 pages; only one page"));
  spec.overviews = true;
  write_test_tiff(folder / "overviews.tif", spec);
  EXPECT_EQ(tiff_problem(folder / "overviews.tif", true), "");
}

TEST(Tiff, RefusesLossyMasks) {
  const TemporaryFolder folder;
  TiffSpec spec{.height = 16, .width = 16, .values = {1}, .rows_per_strip = 16};
  spec.compression = COMPRESSION_JPEG;
  write_test_tiff(folder / "a.tif", spec);
  EXPECT_THAT(tiff_problem(folder / "a.tif", true), HasSubstr("lossy"));
  EXPECT_EQ(tiff_problem(folder / "a.tif"), "");
}

TEST(Tiff, RefusesEveryTruncationAndSaysNothingOnStderr) {
  const TemporaryFolder folder;
  testing::internal::CaptureStderr();
  for (const char* mode : {"wl", "wb", "w8"}) {
    for (const int compression : {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE}) {
      TiffSpec spec{.height = 20, .width = 30, .values = tiff_values(600, 255), .mode = mode};
      spec.compression = compression;
      write_test_tiff(folder / "a.tif", spec);
      const std::vector<std::uint8_t> bytes = bytes_of(folder / "a.tif");
      for (std::size_t length = 0; length < bytes.size(); length += 7) {
        // Behind a whole file there may be nothing, but never less than the last strip.
        EXPECT_THROW(decode_image(Bytes(bytes).first(length)), core::UserError)
            << length << " of " << bytes.size();
      }
    }
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(Tiff, BoundsHostileSizesBeforeAllocating) {
  const TemporaryFolder folder;
  write_test_tiff(folder / "a.tif", {.height = 4, .width = 4, .channels = 1, .values = {1}});
  std::vector<std::uint8_t> bytes = bytes_of(folder / "a.tif");
  // The entries of width and height, at 16,000 each, leave the file far too small.
  for (std::size_t i = 0; i + 12 <= bytes.size(); ++i) {
    if ((bytes[i] == 0 || bytes[i] == 1) && bytes[i + 1] == 1 && bytes[i + 4] == 1 && bytes[i + 8] == 4) {
      bytes[i + 8] = 0x80, bytes[i + 9] = 0x3E;
    }
  }
  EXPECT_THROW(decode_image(bytes), core::UserError);
}

}  // namespace
}  // namespace segbench::data
