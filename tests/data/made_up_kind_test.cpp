// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/decode_cache.h"
#include "harness/core/error.h"
#include "harness/core/part.h"
#include "harness/data/data_set.h"
#include "harness/data/kinds/catalogue.h"
#include "tests/support/temporary_folder.h"

// A kind of data set that exists in this file alone: its two registrations are all that audit, splits and
// cache need.

namespace segbench::data {
namespace {

using testing::HasSubstr;

core::ParamSpec made_up_param(const char* name, int default_value, const char* help) {
  return {.name = name, .types = core::kInteger, .default_value = default_value, .help = help, .minimum = 1};
}

const core::PartRegistration made_up_spec{
    {.kind = core::PartKind::kDataSet,
     .name = "made_up",
     .summary = "grey squares on black",
     .source = "this test",
     .params = {made_up_param("images", 8, "images of each split"),
                made_up_param("side", 2, "of the squares, in pixels")},
     .traits = {{"needs_root", false},
                {"default_splits", {{"train", "train"}, {"selection", 0.25}, {"test", "test"}}},
                {"default_resolution", {6, 6}},
                {"num_classes", 2},
                {"background", 0},
                {"layout", {"nothing to read"}}}}};

DecodedSample square(std::size_t index, std::int64_t side, std::int64_t height, std::int64_t width) {
  DecodedSample sample;
  const auto pixels = static_cast<std::size_t>(height * width);
  sample.image = {.height = height, .width = width, .channels = 3, .pixels = {}};
  sample.image.pixels.resize(pixels * 3);
  sample.labels = {.height = height, .width = width, .labels = std::vector<std::uint8_t>(pixels)};
  for (std::int64_t y = 0; y < side; ++y) {
    for (std::int64_t x = 0; x < side; ++x) {
      const auto at = static_cast<std::size_t>(y * width + x);
      sample.labels.labels[at] = 1;
      for (std::size_t c = 0; c < 3; ++c)
        sample.image.pixels[3 * at + c] = static_cast<std::uint8_t>(100 + index);
    }
  }
  return sample;
}

Catalogue read_made_up(const core::DataConfig& config) {
  CatalogueBuilder builder;
  for (const std::string& split : builder.choose_splits(config, {"train", "test"}, "this test")) {
    for (int i = 0; i < config.params.at("images").get<int>(); ++i)
      builder.add(split, {split + std::to_string(i), "", ""});
  }
  Catalogue catalogue = std::move(builder).build();
  catalogue.classes = {{"black", {0, 0, 0}}, {"square", {255, 255, 255}}};
  catalogue.native_size = {6, 6};
  const std::int64_t side = config.params.at("side");
  catalogue.render = [side](std::size_t index, std::int64_t height, std::int64_t width) {
    return square(index, side, height, width);
  };
  return catalogue;
}

const KindRegistration made_up_reader{"made_up", read_made_up};

TEST(AKindOfItsOwnFile, IsAuditedSplitAndCachedWithoutAWordElsewhere) {
  core::DataConfig config = default_config("made_up");
  config.params["side"] = 3;
  const segbench::tests::TemporaryFolder folder;
  const PreparedData prepared = prepare(config, folder / "cache");
  EXPECT_EQ(prepared.splits.train.size(), 6U);
  EXPECT_EQ(prepared.splits.selection.size(), 2U);
  EXPECT_EQ(prepared.splits.test.size(), 8U);
  const core::DecodeCache cache(prepared.cache);
  EXPECT_EQ(cache.manifest().classes.at(1).name, "square");
  EXPECT_EQ(cache.manifest().samples.at(0).class_pixels, (std::vector<std::int64_t>{27, 9, 0}));
}

TEST(AKindOfItsOwnFile, IsNamedWhereAnUnknownOneIsRefused) {
  core::DataConfig config;
  config.kind = "made_upp";
  try {
    open_catalogue(config);
    FAIL() << "an unknown kind was opened";
  } catch (const core::UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("unknown data set \"made_upp\""));
    EXPECT_THAT(error.what(), HasSubstr("folders, isbi2012, labelme, made_up, oxford_pet"));
    EXPECT_THAT(error.what(), HasSubstr("did you mean \"made_up\"?"));
  }
}

TEST(AKindOfItsOwnFile, CannotTakeTheNameOfAnother) {
  EXPECT_THROW(KindRegistration("made_up", read_made_up), core::InternalError);
}

}  // namespace
}  // namespace segbench::data
