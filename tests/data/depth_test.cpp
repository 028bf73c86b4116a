// SPDX-License-Identifier: MIT
// Images of any depth and any number of bands, from the file to the decode cache.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "harness/core/error.h"
#include "harness/data/codecs/image_file.h"
#include "harness/data/data_set.h"
#include "tests/data/fixtures.h"
#include "tests/data/tiff_fixture.h"
#include "tests/support/temporary_folder.h"

namespace segbench::data {
namespace {

using segbench::tests::TemporaryFolder;
using testing::HasSubstr;
using tests::findings_of;
using tests::text_of;
using tests::TiffSpec;

/// Twelve TIFF images of 4 x 6 with masks; image i holds values up to `most` that begin at i.
void write_tiff_pairs(const tests::fs::path& root, TiffSpec spec, std::uint32_t most) {
  spec.height = 4, spec.width = 6;
  spec.extras.assign(static_cast<std::size_t>(spec.channels - (spec.photometric == PHOTOMETRIC_RGB ? 3 : 1)),
                     EXTRASAMPLE_UNSPECIFIED);
  for (std::uint32_t i = 0; i < 12; ++i) {
    spec.values.clear();
    for (std::uint32_t v = 0; v < 24U * static_cast<std::uint32_t>(spec.channels); ++v) {
      spec.values.push_back((i * 131 + v * 977) % (most + 1));
    }
    tests::write_test_tiff(root / fmt::format("images/p{:02}.tif", i), spec);
    tests::write_mask(root / fmt::format("masks/p{:02}.png", i), 4, 6, {0, 1});
  }
}

std::uint16_t wide_sample(const core::DecodeCache& cache, std::int64_t index, std::size_t at) {
  std::uint16_t value = 0;
  std::memcpy(&value, cache.image(index).data() + 2 * at, sizeof value);
  return value;
}

TEST(Depth, SixteenBitsKeepTheirPrecisionInTheCache) {
  const TemporaryFolder folder;
  write_tiff_pairs(folder / "set", {.bits = 16}, 65535);
  core::DataConfig config = tests::folders_config(folder / "set");
  config.channels = 1;
  const PreparedData prepared = prepare(config, folder / "cache");
  const core::DecodeCache cache(prepared.cache);
  EXPECT_EQ(cache.manifest().bits, 16);
  EXPECT_TRUE(tests::fs::exists(prepared.cache / "images.u16"));
  EXPECT_EQ(wide_sample(cache, 3, 0), 3 * 131);
  EXPECT_EQ(wide_sample(cache, 3, 5), 3 * 131 + 5 * 977);
  // A second look finds it sound, without building it again.
  EXPECT_TRUE(prepare(config, folder / "cache").notes.empty());
}

TEST(Depth, TwelveBitsInSixteenAreToldAndRangesKeepStoredValues) {
  const TemporaryFolder folder;
  write_tiff_pairs(folder / "set", {.bits = 16}, 1700);
  core::DataConfig config = tests::folders_config(folder / "set");
  const AuditReport report = audit(config);
  ASSERT_EQ(findings_of(report, "range").size(), 1U) << text_of(report);
  EXPECT_THAT(findings_of(report, "range")[0].remedy,
              HasSubstr("set range = [0, 2047], or range = \"percentiles\""));
  config.range = std::array<double, 2>{0, 2047};
  EXPECT_TRUE(findings_of(audit(config), "range").empty());
  const core::DecodeCache cache(prepare(config, folder / "cache").cache);
  EXPECT_EQ(wide_sample(cache, 1, 0), 131);
  const core::PixelRange range = core::pixel_range(config, cache, {});
  EXPECT_EQ(range.bounds, (std::vector<std::array<double, 2>>(3, {0, 2047})));
  config.range.reset(), config.range_percentiles = true;
  EXPECT_TRUE(findings_of(audit(config), "range").empty());
  const std::vector<std::int64_t> train = {0, 1, 2};
  EXPECT_LT(core::pixel_range(config, cache, train).bounds[0][1], 1701);
}

TEST(Depth, BandsAreReadAsChannelsSays) {
  const TemporaryFolder folder;
  write_tiff_pairs(folder / "set", {.channels = 5, .bits = 8}, 255);
  core::DataConfig config = tests::folders_config(folder / "set");
  config.channels = 5;
  const core::DecodeCache five(prepare(config, folder / "cache").cache);
  EXPECT_EQ(five.manifest().channels, 5);
  EXPECT_EQ(five.image(2)[4], (2 * 131 + 4 * 977) % 256);
  config.channels = 3;
  const AuditReport three = audit(config);
  ASSERT_EQ(findings_of(three, "bands").size(), 1U) << text_of(three);
  EXPECT_THAT(findings_of(three, "bands")[0].remedy, HasSubstr("set channels = 5 to use all"));
  for (const std::int64_t channels : {1, 6}) {
    config.channels = channels;
    EXPECT_THAT(text_of(audit(config)), HasSubstr("has 5 bands (8-bit TIFF of 5 bands)"));
  }
}

TEST(Depth, EightAndSixteenBitsMeetInOneCache) {
  const TemporaryFolder folder;
  write_tiff_pairs(folder / "set", {.bits = 8}, 255);  // the first image has 8 bits
  tests::write_test_tiff(folder / "set/images/p05.tif",
                         {.height = 4, .width = 6, .bits = 16, .values = {40000, 5}});
  core::DataConfig config = tests::folders_config(folder / "set");
  config.channels = 1;
  const core::DecodeCache cache(prepare(config, folder / "cache").cache);
  EXPECT_EQ(cache.manifest().bits, 16);
  EXPECT_EQ(wide_sample(cache, 5, 0), 40000);
  EXPECT_EQ(wide_sample(cache, 0, 1), 977 % 256 * 257);
}

TEST(Depth, OrientationIsAppliedToImagesAndMasksOrTold) {
  const TemporaryFolder folder;
  TiffSpec spec{.bits = 8};
  spec.orientation = 6;
  write_tiff_pairs(folder / "set", spec, 255);
  for (int i = 0; i < 12; ++i) {  // masks as drawn on the turned image, and one with a tag of its own
    tests::write_mask(folder / fmt::format("set/masks/p{:02}.png", i), 6, 4, {0, 1});
  }
  tests::fs::remove(folder / "set/masks/p00.png");
  TiffSpec mask{.height = 4, .width = 6, .values = {0, 1}};
  mask.orientation = 6;
  tests::write_test_tiff(folder / "set/masks/p00.tif", mask);
  core::DataConfig config = tests::folders_config(folder / "set");
  EXPECT_THAT(text_of(audit(config)), HasSubstr("set orientation = \"apply\""));
  EXPECT_TRUE(audit(config).refused());
  config.apply_orientation = true;
  const AuditReport report = audit(config);
  EXPECT_FALSE(report.refused()) << text_of(report);
  EXPECT_TRUE(findings_of(report, "orientation").empty());
  EXPECT_EQ(report.height, 6);
}

TEST(NetworkInput, TurnsGreyBeforeResizing) {
  const Image rgb{1, 2, 3, {255, 0, 0, 0, 255, 0}};
  const Image input = network_input(rgb, {.channels = 1}, 1, 1, 8);
  EXPECT_EQ(input, (Image{1, 1, 1, {113}}));  // of 76 and 150, not of the mixed colour
  EXPECT_EQ(network_input({1, 1, 1, {3}}, {.channels = 1}, 1, 1, 16).wide[0], 3 * 257);
  EXPECT_EQ(network_input({1, 1, 1, {3}}, {.channels = 1, .stored_scale = true}, 1, 1, 16).wide[0], 3);
}

}  // namespace
}  // namespace segbench::data
