// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/counts.h"
#include "harness/data/codecs/mask_file.h"

namespace segbench::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Words = std::vector<std::uint16_t>;

constexpr Rgb kBlack = {0, 0, 0}, kWhite = {255, 255, 255}, kRed = {255, 0, 0}, kGreen = {0, 255, 0};

LabelCoding values_coding(std::vector<int> values, std::vector<int> voids = {},
                          std::vector<Rgb> colours = {}) {
  return {.class_values = std::move(values),
          .void_values = std::move(voids),
          .class_colours = std::move(colours),
          .void_colours = {}};
}

RawMask palette_mask(Words values, std::vector<Rgb> palette, bool gif = false) {
  RawMask raw;
  raw.height = 1, raw.width = static_cast<std::int64_t>(values.size());
  raw.storage = gif ? "8-bit palette GIF" : "8-bit palette PNG";
  raw.values = std::move(values), raw.palette = std::move(palette), raw.through_palette = gif;
  return raw;
}

TEST(MaskCoding, DeclaredColoursWinOverPaletteIndices) {
  const LabelCoding coding = values_coding({0, 1, 2}, {}, {kBlack, kRed, kGreen});
  for (const bool gif : {false, true}) {
    const CodedMask coded = encode_mask(palette_mask({0, 1, 2}, {kGreen, kBlack, kRed}, gif), coding);
    EXPECT_THAT(coded.map.labels, ElementsAre(2, 0, 1)) << gif;
    EXPECT_EQ(coded.conflict, "");
  }
}

TEST(MaskCoding, PalettesThatDisagreeWithDeclaredColoursAreInConflict) {
  const LabelCoding coding = values_coding({0, 1}, {}, {kBlack, kRed});
  const CodedMask coded = encode_mask(palette_mask({0, 1}, {kBlack, {128, 0, 0}}), coding);
  EXPECT_THAT(coded.conflict, HasSubstr("index 0 is #000000, index 1 is #800000"));
  EXPECT_THAT(coded.conflict, HasSubstr("declared: 0 is #000000, 1 is #ff0000"));
  // A data set kind's own colours are customary: there the indices count.
  LabelCoding customary = coding;
  customary.customary_colours = true;
  EXPECT_THAT(encode_mask(palette_mask({0, 1}, {kBlack, {128, 0, 0}}), customary).map.labels,
              ElementsAre(0, 1));
  // A palette of which entry i is grey i says nothing.
  EXPECT_THAT(encode_mask(palette_mask({0, 1}, {kBlack, {1, 1, 1}}), coding).map.labels, ElementsAre(0, 1));
}

TEST(MaskCoding, IndicesWinOverGreyValues) {
  const RawMask swapped = palette_mask({0, 1, 2}, {kBlack, {2, 2, 2}, {1, 1, 1}});
  EXPECT_THAT(encode_mask(swapped, values_coding({0, 1, 2})).map.labels, ElementsAre(0, 1, 2));
  // Where the indices do not fit, the grey values may.
  const RawMask black_white = palette_mask({0, 1}, {kBlack, kWhite});
  EXPECT_THAT(encode_mask(black_white, values_coding({0, 255})).map.labels, ElementsAre(0, 1));
  EXPECT_THAT(encode_mask(black_white, values_coding({0, 1})).map.labels, ElementsAre(0, 1));
}

TEST(MaskCoding, TwoColourGifsAreNoException) {
  const auto labels = [](const RawMask& raw, const LabelCoding& coding) {
    return encode_mask(raw, coding).map.labels;
  };
  EXPECT_THAT(labels(palette_mask({0, 1}, {kBlack, {1, 1, 1}}, true), values_coding({0, 1})),
              ElementsAre(0, 1));
  EXPECT_THAT(labels(palette_mask({0, 1}, {kWhite, kBlack}, true), values_coding({0, 1})), ElementsAre(1, 0));
  EXPECT_THAT(labels(palette_mask({0, 1}, {kWhite, kBlack}, true), values_coding({0, 255})),
              ElementsAre(1, 0));
  EXPECT_THAT(labels(palette_mask({0, 1}, {kBlack, {128, 0, 0}}, true), values_coding({0, 1})),
              ElementsAre(0, 1));
  EXPECT_THAT(labels(palette_mask({0, 1, 2}, {kBlack, {128, 128, 128}, kWhite}, true),
                     values_coding({0, 255}, {128})),
              ElementsAre(0, core::kVoidLabel, 1));
  const CodedMask swapped =
      encode_mask(palette_mask({0, 1}, {{1, 1, 1}, kBlack}, true), values_coding({0, 1}));
  EXPECT_THAT(swapped.conflict, HasSubstr("disagree"));
}

TEST(MaskCoding, VoidValuesHoldEverywhere) {
  const auto void_label = core::kVoidLabel;
  EXPECT_THAT(encode_mask(palette_mask({0, 1, 9}, std::vector<Rgb>(10, kBlack)), values_coding({0, 1}, {9}))
                  .map.labels,
              ElementsAre(0, 1, void_label));
  std::vector<Rgb> palette(256, kBlack);
  palette[1] = kRed;
  const LabelCoding coloured = values_coding({0, 1}, {255}, {kBlack, kRed});
  EXPECT_THAT(encode_mask(palette_mask({0, 1, 255}, palette), coloured).map.labels,
              ElementsAre(0, 1, void_label));
  RawMask grey;
  grey.height = 1, grey.width = 2, grey.values = {0, 255};
  EXPECT_THAT(encode_mask(grey, coloured).map.labels, ElementsAre(0, void_label));
}

TEST(MaskCoding, OneBitStandsForFullIntensityToo) {
  RawMask raw;
  raw.height = 1, raw.width = 2, raw.bits = 1, raw.values = {0, 1};
  EXPECT_THAT(encode_mask(raw, values_coding({0, 1})).map.labels, ElementsAre(0, 1));
  EXPECT_THAT(encode_mask(raw, values_coding({0, 255})).map.labels, ElementsAre(0, 1));
  raw.bits = 8;
  EXPECT_EQ(encode_mask(raw, values_coding({0, 255})).unknown_pixels, 1);
}

TEST(MaskCoding, GreyMasksMayBeDeclaredByColour) {
  RawMask raw;
  raw.height = 1, raw.width = 2, raw.values = {0, 128};
  EXPECT_THAT(encode_mask(raw, values_coding({0, 1}, {}, {kBlack, {128, 128, 128}})).map.labels,
              ElementsAre(0, 1));
}

}  // namespace
}  // namespace segbench::data
