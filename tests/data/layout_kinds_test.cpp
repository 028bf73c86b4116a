// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/counts.h"
#include "harness/data/audit/scan.h"
#include "harness/data/data_set.h"
#include "harness/data/kinds/catalogue.h"
#include "tests/data/fixtures.h"
#include "tests/data/tiff_fixture.h"
#include "tests/support/temporary_folder.h"

// The kinds of which there are no samples, on folders in their layout.

namespace segbench::data {
namespace {

using segbench::tests::TemporaryFolder;
using testing::ElementsAre, testing::HasSubstr, testing::UnorderedElementsAre;
using tests::text_of;
namespace fs = std::filesystem;

core::DataConfig config_of(const std::string& kind, const TemporaryFolder& folder) {
  core::DataConfig config = default_config(kind, folder.path().string());
  config.resolution = {{4, 8}};
  return config;
}

std::vector<std::uint8_t> labels_of(const core::DataConfig& config, std::size_t index) {
  return load_sample(open_catalogue(config), config, index, *config.resolution).labels.labels;
}

void write_city(const fs::path& root, const std::string& split, const std::string& city, int frame,
                const char* kind, const std::vector<int>& values) {
  const std::string id = city + "_000000_00001" + std::to_string(frame);
  const fs::path image = root / "leftImg8bit" / split / city / (id + "_leftImg8bit.png");
  tests::write_picture(image, 4, 8, static_cast<std::uint32_t>(std::hash<std::string>{}(id)));
  tests::write_mask(root / "gtFine" / split / city / (id + "_gtFine_" + kind + ".png"), 4, 8, values);
}

TEST(CityscapesKind, TurnsLabelIdsIntoTheClassesOfEvaluation) {
  const TemporaryFolder folder;
  for (const int frame : {0, 1}) {
    for (const char* kind : {"labelIds", "color", "instanceIds"})  // others than labels are left alone
      write_city(folder.path(), "train", "aachen", frame, kind, {0, 7, 8, 11, 9, 31, 33, 23});
    write_city(folder.path(), "train", "ulm", frame, "labelIds", {7});
    write_city(folder.path(), "val", "bonn", frame, "labelIds", {7});
  }
  const core::DataConfig config = config_of("cityscapes", folder);
  const Catalogue catalogue = open_catalogue(config);
  EXPECT_TRUE(catalogue.findings.empty()) << catalogue.findings.front().message;
  ASSERT_EQ(catalogue.samples.size(), 6U);
  EXPECT_EQ(catalogue.samples[0].id, "aachen_000000_000010");
  EXPECT_EQ(catalogue.samples[0].group, "aachen");
  EXPECT_EQ(catalogue.classes.size(), 19U);
  const std::vector<std::uint8_t> labels = labels_of(config, 0);
  EXPECT_THAT(std::vector<std::uint8_t>(labels.begin(), labels.begin() + 8),
              ElementsAre(255, 0, 1, 2, 255, 16, 18, 10));
}

TEST(CityscapesKind, ReadsTrainIdsToTheSameLabels) {
  const TemporaryFolder folder;
  for (const char* split : {"train", "val"})
    write_city(folder.path(), split, "aachen", 0, "labelTrainIds", {255, 0, 1, 2, 255, 16, 18, 10});
  core::DataConfig config = config_of("cityscapes", folder);
  config.params["masks"] = "labelTrainIds";
  const std::vector<std::uint8_t> labels = labels_of(config, 0);
  EXPECT_THAT(std::vector<std::uint8_t>(labels.begin(), labels.begin() + 8),
              ElementsAre(255, 0, 1, 2, 255, 16, 18, 10));
}

TEST(CityscapesKind, RefusesAnImageWithoutMask) {
  const TemporaryFolder folder;
  write_city(folder.path(), "train", "aachen", 0, "labelIds", {7});
  write_city(folder.path(), "train", "aachen", 1, "color", {7});
  write_city(folder.path(), "val", "bonn", 0, "labelIds", {7});
  const Catalogue catalogue = open_catalogue(config_of("cityscapes", folder));
  ASSERT_EQ(catalogue.findings.size(), 1U);
  EXPECT_THAT(catalogue.findings[0].message, HasSubstr("aachen_000000_000011_gtFine_labelIds.png"));
}

TEST(Ade20kKind, CountsFromOneAndTakesOtherForVoid) {
  const TemporaryFolder folder;
  for (const char* split : {"training", "validation"}) {
    for (const int i : {1, 2}) {
      const std::string name = std::string("ADE_") + split + std::to_string(i) + ".png";
      tests::write_picture(folder / "ADEChallengeData2016/images" / split / name, 4, 8,
                           static_cast<std::uint32_t>(i + split[0]));
      tests::write_mask(folder / "ADEChallengeData2016/annotations" / split / name, 4, 8,
                        {0, 1, 2, 3, 150, 149, 1, 1});
    }
  }
  const core::DataConfig config = config_of("ade20k", folder);
  const Catalogue catalogue = open_catalogue(config);
  ASSERT_EQ(catalogue.classes.size(), 150U);
  EXPECT_EQ(catalogue.classes[0].name, "wall");
  EXPECT_EQ(catalogue.classes[149].name, "flag");
  EXPECT_EQ(catalogue.official_splits.at("training").size(), 2U);
  const std::vector<std::uint8_t> labels = labels_of(config, 0);
  EXPECT_THAT(std::vector<std::uint8_t>(labels.begin(), labels.begin() + 8),
              ElementsAre(255, 0, 1, 2, 149, 148, 0, 0));
}

void write_stacks(const TemporaryFolder& folder, int images, int labels) {
  tests::write_test_tiff(
      folder / "train-volume.tif",
      {.height = 4, .width = 8, .values = {1, 50, 90, 7}, .pages = images, .page_step = 3});
  tests::write_test_tiff(folder / "train-labels.tif",
                         {.height = 4, .width = 8, .values = {0, 255}, .pages = labels});
}

TEST(Dsb2018Kind, RefusesAFolderWithoutMasks) {
  const TemporaryFolder folder;
  for (const std::string id : {"a", "b"})
    tests::write_picture(folder / id / "images" / (id + ".png"), 8, 12, static_cast<std::uint32_t>(id[0]));
  tests::write_mask(folder / "a/masks/1.png", 8, 12, {0, 255});
  const Catalogue catalogue = open_catalogue(default_config("dsb2018", folder.path().string()));
  EXPECT_EQ(catalogue.samples.size(), 1U);
  ASSERT_EQ(catalogue.findings.size(), 1U);
  EXPECT_TRUE(catalogue.findings[0].refuses);
  EXPECT_EQ(catalogue.findings[0].file, "b");
}

TEST(Isbi2012Kind, ReadsTheSlicesOfStacks) {
  const TemporaryFolder folder;
  write_stacks(folder, 20, 20);
  const core::DataConfig config = config_of("isbi2012", folder);
  const AuditReport report = audit(config);
  EXPECT_FALSE(report.refused()) << text_of(report);
  EXPECT_EQ(report.splits.train.size(), 14U);
  EXPECT_EQ(report.splits.test.size(), 3U);
  for (const std::size_t slice : {0, 1, 19}) {
    const DecodedSample sample = load_sample(open_catalogue(config), config, slice, {4, 8});
    EXPECT_EQ(sample.image.pixels.front(), 1 + 3 * slice);
    EXPECT_EQ(sample.labels.labels[0], 0);
    EXPECT_EQ(sample.labels.labels[1], 1);
  }
}

TEST(Isbi2012Kind, RefusesStacksOfDifferentDepth) {
  const TemporaryFolder folder;
  write_stacks(folder, 5, 4);
  const AuditReport report = audit(config_of("isbi2012", folder));
  EXPECT_TRUE(report.refused());
  EXPECT_THAT(text_of(report), HasSubstr("the stack has 4 slices, train-volume.tif has 5"));
}

TEST(Isbi2012Kind, ReadsOneFileASlice) {
  const TemporaryFolder folder;
  for (int i = 0; i < 3; ++i) {
    const std::string name = std::to_string(i) + ".png";
    tests::write_picture(folder / "train/image" / name, 4, 8, static_cast<std::uint32_t>(i));
    tests::write_mask(folder / "train/label" / name, 4, 8, {0, 255});
  }
  EXPECT_EQ(open_catalogue(config_of("isbi2012", folder)).samples.size(), 3U);
}

}  // namespace
}  // namespace segbench::data
