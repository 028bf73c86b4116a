// SPDX-License-Identifier: MIT
#include "harness/data/describe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "harness/data/codecs/image_file.h"
#include "harness/data/contact_sheet.h"
#include "harness/data/kinds/catalogue.h"
#include "tests/data/fixtures.h"
#include "tests/support/temporary_folder.h"

namespace segbench::data {
namespace {

using segbench::tests::TemporaryFolder;
using testing::ElementsAre;

Image read_image(const tests::fs::path& file) {
  return decode_image(tests::bytes_of(file));
}

TEST(ContactSheet, PutsPicturesInRowsAndMakesLargeOnesSmaller) {
  const Image red{2, 3, 3, std::vector<std::uint8_t>(18, 200)},
      grey{8, 4, 1, std::vector<std::uint8_t>(32, 7)};
  const Image sheet = contact_sheet({{red, grey}, {red}}, 4);
  EXPECT_EQ(sheet.width, 4 + 3 + 4 + 2 + 4);
  EXPECT_EQ(sheet.height, 4 + 4 + 4 + 2 + 4);
  const auto at = [&](std::int64_t y, std::int64_t x) {
    return sheet.pixels[static_cast<std::size_t>((y * sheet.width + x) * 3)];
  };
  EXPECT_EQ(at(0, 0), 255);
  EXPECT_EQ(at(4, 4), 200);
  EXPECT_EQ(at(6, 4), 255);  // below the lower picture of the row
  EXPECT_EQ(at(7, 11), 7);
  EXPECT_EQ(at(12, 4), 200);
}

TEST(Describe, CountsWhatThereIs) {
  const TemporaryFolder folder, out;
  tests::write_pairs(folder.path(), 18, 3);
  tests::write_picture(folder / "images/p17.png", 6, 9, 300);
  tests::write_mask(folder / "masks/p17.png", 6, 9, {0});
  core::DataConfig config = tests::folders_config(folder.path(), 3);
  config.resolution = {{8, 12}};
  config.group = "^p.";
  const SheetOptions sheet{.file = out / "sheet.png", .samples = 5};
  const Description description = describe(config, sheet);
  EXPECT_EQ(description.samples, 18);
  EXPECT_EQ(description.groups, 2);
  EXPECT_EQ(description.sizes.at({8, 12}), 17);
  EXPECT_EQ(description.sizes.at({6, 9}), 1);
  std::int64_t with_class_2 = 0;
  for (const auto& [split, shares] : description.shares) {
    EXPECT_EQ(shares.size(), 4U);
    with_class_2 += shares[2].images;
  }
  EXPECT_EQ(with_class_2, 17);
  EXPECT_EQ(description.shown.size(), 5U);
  const Image written = read_image(out / "sheet.png");
  EXPECT_EQ(written.width, 4 + 8 * (12 + 4));
  EXPECT_EQ(written.height, 4 + 2 * (8 + 4));
  EXPECT_THROW(describe(config, sheet), core::UserError);  // is there already
  EXPECT_EQ(describe(config, {.file = out / "sheet.png", .force = true, .samples = 1}).shown.size(), 1U);
}

TEST(AugmentSheet, ShowsSamplesAsTrialsSeeThem) {
  const TemporaryFolder out;
  AugmentSheetOptions options{.sheet = {.file = out / "a.png", .samples = 2, .side = 64},
                              .augment = {{.name = "vertical_flip", .params = {{"probability", 1.0}}}},
                              .seed = 3,
                              .epochs = 2};
  EXPECT_EQ(write_augment_sheet(default_config("shapes"), options).size(), 2U);
  const Image sheet = read_image(out / "a.png");
  EXPECT_EQ(sheet.width, 4 + 3 * 68);
  EXPECT_EQ(sheet.height, 4 + 4 * 68);
  const auto pixel = [&](std::int64_t y, std::int64_t x) {
    return std::vector<std::uint8_t>(sheet.pixels.begin() + (y * sheet.width + x) * 3,
                                     sheet.pixels.begin() + (y * sheet.width + x) * 3 + 3);
  };
  for (std::int64_t y = 0; y < 64; ++y)
    EXPECT_EQ(pixel(4 + y, 4 + 20), pixel(4 + 63 - y, 4 + 68 + 20)) << y;  // upside down in the first epoch
}

}  // namespace
}  // namespace segbench::data
