// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "harness/data/codecs/image_file.h"
#include "harness/data/data_set.h"
#include "harness/data/export.h"
#include "harness/data/kinds/catalogue.h"
#include "tests/data/fixtures.h"
#include "tests/support/temporary_folder.h"

namespace segbench::data {
namespace {

using segbench::tests::TemporaryFolder;
using testing::HasSubstr;
using testing::Not;
using tests::findings_of;
using tests::folders_config;
using tests::text_of;
using tests::fs::path;

/// One finding with this code, of this severity, about a file with this in its name, saying this.
void expect_finding(const AuditReport& report, const std::string& code, bool refuses, const std::string& file,
                    const std::string& message) {
  for (const AuditFinding& f : findings_of(report, code)) {
    if (f.refuses == refuses && f.file.find(file) != std::string::npos &&
        (f.message + "; " + f.remedy).find(message) != std::string::npos)
      return;
  }
  ADD_FAILURE() << "no " << code << " about \"" << file << "\" saying \"" << message << "\" in:\n"
                << text_of(report);
}

TEST(Audit, AcceptsASoundDataSet) {
  const TemporaryFolder folder;
  tests::write_pairs(folder.path(), 40);
  const AuditReport report = audit(folders_config(folder.path()));
  EXPECT_FALSE(report.refused()) << text_of(report);
  EXPECT_TRUE(report.findings.empty()) << text_of(report);
  EXPECT_EQ(report.splits.train.size(), 28U);
  EXPECT_EQ(report.class_pixels.at("test"), (std::vector<std::int64_t>{6 * 48, 6 * 48, 0}));
  EXPECT_EQ(report.data_fingerprint.size(), 64U);
}

TEST(Audit, NamesEveryFileThatCannotBeUsedAndGoesOn) {
  const TemporaryFolder folder;
  const path root = folder.path();
  tests::write_pairs(root, 12);
  tests::write_text(root / "images/p00.png", "");
  tests::write_text(root / "images/p01.png", "This is no picture.");
  const auto whole = tests::bytes_of(root / "images/p02.png");
  tests::write_text(root / "images/p02.png", std::string(whole.begin(), whole.begin() + 100));
  tests::write_mask(root / "masks/p03.png", 12, 8, {0, 1});
  tests::write_mask(root / "masks/p04.png", 8, 11, {0, 1});
  tests::fs::remove(root / "masks/p05.png");
  tests::fs::remove(root / "images/p06.png");
  tests::fs::create_directory(root / "images/x.png");
  tests::fs::create_symlink(root / "images/loop.png", root / "images/loop.png");
  tests::write_picture(root / "images/p07.bmp", 8, 12, 7);
  const AuditReport report = audit(folders_config(root));
  EXPECT_TRUE(report.refused());
  EXPECT_EQ(report.data_fingerprint, "");
  expect_finding(report, "unreadable", true, "images/p00.png", "empty");
  expect_finding(report, "unreadable", true, "images/p01.png", "unknown image format");
  expect_finding(report, "unreadable", true, "images/p02.png", "cut off");
  expect_finding(report, "size_mismatch", true, "masks/p03.png", "turned against each other");
  expect_finding(report, "size_mismatch", true, "masks/p04.png", "the mask has 8 x 11 pixels");
  expect_finding(report, "missing_partner", true, "images/p05.png", "has no mask");
  expect_finding(report, "missing_partner", true, "masks/p06.png", "has no image");
  expect_finding(report, "unreadable", true, "images/x.png", "a folder");
  expect_finding(report, "unreadable", true, "images/loop.png", "no file that can be read");
  expect_finding(report, "ambiguous", true, "images/p07.png", "same stem");
  EXPECT_TRUE(findings_of(report, "absent_class").empty()) << "unread masks say nothing about classes";
  EXPECT_TRUE(report.class_pixels.empty()) << "what was not counted is not 0";
}

TEST(Audit, RefusesNamesThatAreNotUtf8AndStillWritesJson) {
  const TemporaryFolder folder;
  tests::write_pairs(folder.path(), 12);
  tests::write_picture(folder.path() / "images/caf\xE9.png", 8, 12, 99);
  const AuditReport report = audit(folders_config(folder.path()));
  expect_finding(report, "file_name", true, "images/caf\\xE9.png", "not valid UTF-8");
  EXPECT_NO_THROW(to_json(report).dump());
}

TEST(Audit, AcceptsUtf8NamesAndOnePixel) {
  const TemporaryFolder folder;
  tests::write_pairs(folder.path(), 40, 2, 1, 2);
  tests::write_picture(folder.path() / "images/Grüße 道路.png", 1, 2, 99);
  tests::write_mask(folder.path() / "masks/Grüße 道路.png", 1, 2, {0, 1});
  EXPECT_FALSE(audit(folders_config(folder.path())).refused());
}

TEST(Audit, SaysWhatMaskValuesLookLike) {
  const TemporaryFolder folder;
  tests::write_pairs(folder.path(), 20);
  for (int i = 0; i < 20; ++i)
    tests::write_mask(folder.path() / fmt::format("masks/p{:02}.png", i), 8, 12, {0, 255});
  const AuditReport report = audit(folders_config(folder.path()));
  EXPECT_EQ(findings_of(report, "mask_values").size(), 20U);
  expect_finding(report, "mask_values", true, "masks/p00.png", "48 pixels of this 8-bit grey PNG mask");
  expect_finding(report, "mask_values_overall", true, "", "set mask_values = [0, 255]");
  core::DataConfig mended = folders_config(folder.path());
  mended.params["mask_values"] = {0, 255};
  EXPECT_FALSE(audit(mended).refused()) << text_of(audit(mended));
}

TEST(Audit, ReadsMasksByColour) {
  const TemporaryFolder folder;
  tests::write_pairs(folder.path(), 20);
  for (int i = 0; i < 20; ++i) {
    tests::write_test_png(
        folder.path() / fmt::format("masks/p{:02}.png", i),
        {.height = 8, .width = 12, .channels = 3, .values = {255, 0, 0, 0, 0, 255, 1, 1, 1}});
  }
  core::DataConfig config = folders_config(folder.path());
  expect_finding(audit(config), "mask_values_overall", true, "", "class_colours");
  config.params["class_colours"] = {"#ff0000", "#0000ff"};
  expect_finding(audit(config), "mask_values", true, "masks/p00.png", "#010101 (32 pixels)");
  config.params["void_colours"] = {"#010101"};
  const AuditReport report = audit(config);
  EXPECT_FALSE(report.refused()) << text_of(report);
  EXPECT_EQ(report.class_pixels.at("test"), (std::vector<std::int64_t>{3 * 32, 3 * 32, 3 * 32}));
  EXPECT_EQ(report.classes[1].colour, (Rgb{0, 0, 255}));
}

/// train/, val/, test/ with their own images and masks.
void write_official(const path& root, int train, int val, int test) {
  tests::write_pairs(root / "train", train, 2, 8, 12, 0);
  tests::write_pairs(root / "val", val, 2, 8, 12, 1000);
  tests::write_pairs(root / "test", test, 2, 8, 12, 2000);
}

TEST(Audit, FindsOnePictureInTwoSplitsByItsPixels) {
  const TemporaryFolder folder;
  write_official(folder.path(), 10, 6, 6);
  tests::write_test_png(folder.path() / "train/images/p03.png",  // the same pixels in another file format
                        {.height = 8, .width = 12, .channels = 4, .bit_depth = 8, .values = [&] {
                           const Image other =
                               decode_image(tests::bytes_of(folder.path() / "test/images/p02.png"));
                           std::vector<std::uint16_t> values;
                           for (std::size_t i = 0; i < other.pixels.size(); ++i) {
                             values.push_back(other.pixels[i]);
                             if (i % 3 == 2) values.push_back(128);  // alpha
                           }
                           return values;
                         }()});
  core::DataConfig config = folders_config(folder.path());
  const AuditReport report = audit(config);
  EXPECT_TRUE(report.refused());
  expect_finding(report, "overlap", true, "test/images/p02.png", "equals train/images/p03.png");
  config.allow_overlap = true;
  EXPECT_FALSE(audit(config).refused()) << text_of(audit(config));
  expect_finding(audit(config), "overlap", false, "test/images/p02.png", "too good");
}

TEST(Audit, WarnsOfEqualPicturesInOneSplit) {
  const TemporaryFolder folder;
  write_official(folder.path(), 10, 6, 6);
  tests::write_picture(folder.path() / "train/images/p04.png", 8, 12, 1);
  tests::write_mask(folder.path() / "train/masks/p04.png", 8, 12, {1, 0});
  const AuditReport report = audit(folders_config(folder.path()));
  EXPECT_FALSE(report.refused());
  expect_finding(report, "duplicate", false, "train/images/p04.png", "their masks differ");
}

TEST(Audit, RefusesEmptySplitsAndWarnsOfSmallOnes) {
  const TemporaryFolder folder;
  write_official(folder.path(), 10, 1, 3);
  const AuditReport report = audit(folders_config(folder.path()));
  expect_finding(report, "near_empty", true, "", "the selection split has one image");
  expect_finding(report, "near_empty", false, "", "the test split has 3 images");
  core::DataConfig none = folders_config(folder.path());
  none.selection = {.official = {}, .fraction = 0.01};
  expect_finding(audit(none), "near_empty", true, "", "the selection split has no image");
}

TEST(Audit, JudgesAbsentClasses) {
  const TemporaryFolder folder;
  tests::write_pairs(folder.path() / "train", 10, 2, 8, 12, 0);
  tests::write_pairs(folder.path() / "val", 6, 3, 8, 12, 1000);
  tests::write_pairs(folder.path() / "test", 6, 4, 8, 12, 2000);
  core::DataConfig config = folders_config(folder.path(), 5);
  expect_finding(audit(config), "unlearnable_class", true, "", "belong to: c2, c3;");
  expect_finding(audit(config), "absent_class", false, "", "no pixel of any split belongs to: c4");
  config.params["allow_absent_classes"] = true;
  EXPECT_FALSE(audit(config).refused());
  config.test = {.official = {"val"}, .fraction = std::nullopt};
  config.selection = {.official = {"train"}, .fraction = std::nullopt};
  config.train = {.official = {"test"}, .fraction = std::nullopt};
  expect_finding(audit(config), "untested_class", false, "", "no pixel of the test split belongs to: c3");
}

TEST(Audit, WarnsOfVoidOneClassAndResolution) {
  const TemporaryFolder folder;
  write_official(folder.path(), 10, 6, 6);
  for (int i = 0; i < 6; ++i) {
    tests::write_mask(folder.path() / fmt::format("test/masks/p{:02}.png", i), 8, 12, {0, 255, 255});
    tests::write_mask(folder.path() / fmt::format("val/masks/p{:02}.png", i), 8, 12, {255});
  }
  core::DataConfig config = folders_config(folder.path());
  config.params["void_values"] = {255};
  config.resolution = {{24, 16}};
  const AuditReport report = audit(config);
  expect_finding(report, "mostly_void", false, "", "75 % of the pixels of the test split are void");
  expect_finding(report, "void", true, "", "every pixel of the selection split is void");
  expect_finding(report, "one_class", false, "", "every mask of the test split holds one class only");
  expect_finding(report, "resolution_order", false, "",
                 "resolution = [24, 16] is tall, most images are wide");
  expect_finding(report, "enlarged_images", false, "", "22 of 22 images are enlarged to 24 x 16");
}

TEST(Audit, TakesOfficialSplitsFromLists) {
  const TemporaryFolder folder;
  tests::write_pairs(folder.path(), 20);
  std::string train = "\xEF\xBB\xBF# ours\r\n";
  for (int i = 0; i < 10; ++i) train += fmt::format("p{:02}\r\n", i);
  tests::write_text(folder.path() / "train.txt", train + "p03\r\n");
  tests::write_text(folder.path() / "val.txt", "p10.png\np11.png\nimages/p12.png\np13\np14");
  tests::write_text(folder.path() / "test.txt", "p15\np16\n\np17\np18\np19\nnobody\n");
  const AuditReport report = audit(folders_config(folder.path()));
  EXPECT_EQ(report.splits.train.size(), 10U);
  EXPECT_EQ(report.splits.selection, (std::vector<std::int64_t>{10, 11, 12, 13, 14}));
  EXPECT_EQ(report.splits.test.size(), 5U);
  expect_finding(report, "list", false, "train.txt:12", "p03 stands in this list twice");
  expect_finding(report, "missing_partner", true, "test.txt:7", "no image for \"nobody\"");
}

TEST(Audit, SaysWhichSplitsThereAre) {
  const TemporaryFolder folder;
  write_official(folder.path(), 10, 6, 6);
  core::DataConfig config = folders_config(folder.path());
  config.selection = {.official = {"vall"}, .fraction = std::nullopt};
  expect_finding(audit(config), "missing_split", true, "", "no split \"vall\"");
  expect_finding(audit(config), "missing_split", true, "", "did you mean \"val\"");
}

TEST(Audit, ReportsAMissingRootAsAFinding) {
  const AuditReport report = audit(folders_config("/there/is/no/such/folder"));
  EXPECT_TRUE(report.refused());
  EXPECT_THAT(text_of(report), HasSubstr("there is no such folder"));
}

TEST(Audit, ShortensListsInTextButNotInJson) {
  const TemporaryFolder folder;
  tests::write_pairs(folder.path(), 60);
  for (int i = 0; i < 47; ++i) tests::fs::remove(folder.path() / fmt::format("masks/p{:02}.png", i));
  const AuditReport report = audit(folders_config(folder.path()));
  std::string text;
  for (const core::Problem& problem : problems_of(report, true)) text += problem.to_string() + "\n";
  EXPECT_THAT(text, HasSubstr((folder.path() / "images/p09.png").string()));
  EXPECT_THAT(text, Not(HasSubstr("images/p10.png")));
  EXPECT_THAT(text, HasSubstr("and 37 more"));
  EXPECT_THAT(to_json(report).dump(), HasSubstr("images/p46.png"));
}

TEST(Audit, FingerprintIsOfThePixelsAlone) {
  const TemporaryFolder one, two;
  tests::write_pairs(one.path(), 20);
  tests::write_pairs(two.path() / "elsewhere", 20);
  tests::fs::last_write_time(two.path() / "elsewhere/images/p03.png",
                             tests::fs::file_time_type::clock::now() - std::chrono::hours(9));
  core::DataConfig config = folders_config(two.path() / "elsewhere");
  const std::string fingerprint = audit(folders_config(one.path())).data_fingerprint;
  EXPECT_EQ(fingerprint, audit(config).data_fingerprint);
  config.resolution = {{4, 4}};
  config.channels = 1;
  config.split_seed = 5;
  EXPECT_EQ(fingerprint, audit(config).data_fingerprint);
  tests::write_mask(two.path() / "elsewhere/masks/p03.png", 8, 12, {0, 1, 1});
  EXPECT_NE(fingerprint, audit(config).data_fingerprint);
}

TEST(Export, WritesWhatTheNetworkSees) {
  const TemporaryFolder folder;
  core::DataConfig config = default_config("shapes");
  config.params["train_images"] = 4;
  std::int64_t written = 0;
  const AuditReport report =
      export_samples(config, folder / "out", {.split = std::nullopt, .limit = 3}, written);
  EXPECT_EQ(written, 9);
  EXPECT_FALSE(report.refused());
  EXPECT_TRUE(tests::fs::exists(folder / "out/train/train_000002_mask.png"));
  EXPECT_FALSE(tests::fs::exists(folder / "out/train/train_000003.png"));
  EXPECT_TRUE(tests::fs::exists(folder / "out/classes.txt"));
}

TEST(Export, WritesWhatTheAugmentationsMakeOfTrainingSamples) {
  const TemporaryFolder folder;
  core::DataConfig config = default_config("shapes");
  config.params["train_images"] = 4;
  std::int64_t written = 0;
  const core::PartChoice flip{"horizontal_flip", {{"probability", 1}}},
      shift{"translation", {{"probability", 1}, {"shift", {0.25, 0.25}}}};
  export_samples(config, folder / "out", {.split = {}, .limit = 2, .augment = {flip, shift}, .epochs = 2},
                 written);
  EXPECT_EQ(written, 6);
  EXPECT_FALSE(tests::fs::exists(folder / "out/test/epoch-1"));
  for (const std::string name : {"train_000001", "train_000001_mask"}) {
    const Image plain = decode_image(tests::bytes_of(folder / "out/train" / (name + ".png"))),
                changed = decode_image(tests::bytes_of(folder / "out/train/epoch-2" / (name + ".png")));
    ASSERT_EQ(changed.width, 64);
    const auto at = [](const Image& image, int row, int column) {
      const auto first = static_cast<std::size_t>(3 * (64 * row + column));
      return std::vector<int>(image.pixels.begin() + static_cast<std::ptrdiff_t>(first),
                              image.pixels.begin() + static_cast<std::ptrdiff_t>(first) + 3);
    };
    const bool is_mask = name.ends_with("_mask");
    for (int row = 0; row < 64; ++row) {
      for (int column = 0; column < 64; ++column) {
        const std::vector<int> outside(3, is_mask ? 255 : 0);  // void is white, its image black
        const bool inside = row >= 16 && column >= 16;
        EXPECT_EQ(at(changed, row, column), inside ? at(plain, row - 16, 63 - (column - 16)) : outside)
            << name << ", " << row << ", " << column;
      }
    }
  }
}

}  // namespace
}  // namespace segbench::data
