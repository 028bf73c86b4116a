// SPDX-License-Identifier: MIT
#include "harness/data/survey.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "harness/core/error.h"
#include "tests/data/fixtures.h"
#include "tests/support/oracles.h"
#include "tests/support/temporary_folder.h"

namespace segbench::data {
namespace {

using core::Json;
using segbench::tests::data_folder;
using segbench::tests::TemporaryFolder;
using testing::HasSubstr;
using tests::text_of;

Json setting(const Survey& survey, const std::string& key) {
  for (const FoundSetting& entry : survey.settings) {
    if (entry.key == key) return entry.value;
  }
  return nullptr;
}

void write_set(const tests::fs::path& root, const std::string& images, const std::string& masks,
               const std::string& suffix, const std::vector<int>& values, int count = 20) {
  for (int i = 0; i < count; ++i) {
    const std::string name = fmt::format("x{:02}", i);
    tests::write_picture(root / images / (name + ".png"), 60, 130, static_cast<std::uint32_t>(i));
    tests::write_mask(root / masks / (name + suffix + ".png"), 60, 130, values);
  }
}

TEST(Survey, FindsFoldersValuesAndAResolution) {
  const TemporaryFolder folder;
  write_set(folder.path(), "scans", "labels", "_gt", {0, 255});
  const Survey survey = survey_folder(folder.path());
  EXPECT_FALSE(survey.audit.refused()) << text_of(survey.audit);
  EXPECT_EQ(survey.config.kind, "folders");
  EXPECT_EQ(setting(survey, "images"), "scans");
  EXPECT_EQ(setting(survey, "masks"), "labels");
  EXPECT_EQ(setting(survey, "mask_suffix"), "_gt");
  EXPECT_EQ(setting(survey, "classes"), Json({"background", "object"}));
  EXPECT_EQ(setting(survey, "mask_values"), Json({0, 255}));
  EXPECT_EQ(setting(survey, "resolution"), Json({64, 128}));
}

TEST(Survey, GivesTwoValuesWithoutZeroNamesOfTheirOwn) {
  const TemporaryFolder folder;
  write_set(folder.path(), "images", "masks", "", {1, 2});
  const Survey survey = survey_folder(folder.path());
  EXPECT_EQ(setting(survey, "classes"), Json({"class_1", "class_2"}));
  EXPECT_EQ(setting(survey, "mask_values"), Json({1, 2}));
}

TEST(Survey, TakesWhiteMasksForThoseOfTwoClasses) {
  const TemporaryFolder folder;
  write_set(folder.path(), "images", "masks", "", {255});
  const Survey survey = survey_folder(folder.path());
  EXPECT_EQ(setting(survey, "classes"), Json({"background", "object"}));
  EXPECT_EQ(setting(survey, "mask_values"), Json({0, 255}));
}

TEST(Survey, FindsFoldersInWhichSomeFilesHaveNoPartner) {
  const TemporaryFolder folder;
  write_set(folder.path(), "images", "masks", "", {0, 255});
  tests::write_picture(folder / "images/lonely.png", 60, 130, 7);
  const Survey survey = survey_folder(folder.path());
  EXPECT_EQ(setting(survey, "classes"), Json({"background", "object"}));
  EXPECT_TRUE(survey.audit.refused());
  EXPECT_THAT(text_of(survey.audit), HasSubstr("lonely"));
  EXPECT_THAT(text_of(survey.audit), HasSubstr("unlabelled = \"skip\""));
}

TEST(Survey, TellsVoidFromClassesAndGapsFromCounting) {
  {
    const TemporaryFolder folder;
    write_set(folder.path(), "images", "masks", "", {0, 1, 2, 255});
    const Survey survey = survey_folder(folder.path());
    EXPECT_FALSE(survey.audit.refused()) << text_of(survey.audit);
    EXPECT_EQ(setting(survey, "classes"), Json({"background", "class_1", "class_2"}));
    EXPECT_EQ(setting(survey, "void_values"), Json({255}));
    EXPECT_TRUE(setting(survey, "mask_values").is_null());
  }
  const TemporaryFolder folder;
  write_set(folder.path(), "images", "masks", "", {3, 7, 9});
  const Survey survey = survey_folder(folder.path());
  EXPECT_FALSE(survey.audit.refused()) << text_of(survey.audit);
  EXPECT_EQ(setting(survey, "mask_values"), Json({3, 7, 9}));
}

TEST(Survey, FindsSplitsOfImagesAndMasksInOneFolderEach) {
  const TemporaryFolder folder;
  for (const char* split : {"train", "test"}) write_set(folder.path(), split, split, "_mask", {0, 1}, 8);
  const Survey survey = survey_folder(folder.path());
  EXPECT_EQ(setting(survey, "images"), ".");
  EXPECT_EQ(setting(survey, "masks"), ".");
  EXPECT_EQ(setting(survey, "mask_suffix"), "_mask");
  EXPECT_EQ(survey.config.kind, "folders");
  EXPECT_EQ(survey.audit.splits.test.size(), 8U) << text_of(survey.audit);
  EXPECT_EQ(survey.audit.splits.train.size(), 6U);
}

TEST(Survey, FindsColours) {
  const TemporaryFolder folder;
  for (int i = 0; i < 20; ++i) {
    const std::string name = fmt::format("x{:02}.png", i);
    tests::write_picture(folder / "images" / name, 32, 32, static_cast<std::uint32_t>(i));
    tests::write_test_png(
        folder / "masks" / name,
        {.height = 32, .width = 32, .channels = 3, .values = {0, 0, 0, 128, 0, 0, 128, 0, 0}});
  }
  const Survey survey = survey_folder(folder.path());
  EXPECT_FALSE(survey.audit.refused()) << text_of(survey.audit);
  EXPECT_EQ(setting(survey, "class_colours"), Json({"#000000", "#800000"}));
  EXPECT_EQ(setting(survey, "classes"), Json({"background", "class_1"}));
}

TEST(Survey, EnlargesFractionsOfSmallSetsAndRefusesTinyOnes) {
  const TemporaryFolder folder;
  write_set(folder.path(), "images", "masks", "", {0, 1}, 8);
  const Survey survey = survey_folder(folder.path());
  EXPECT_FALSE(survey.audit.refused()) << text_of(survey.audit);
  EXPECT_EQ(survey.audit.splits.test.size(), 2U);
  EXPECT_EQ(setting(survey, "splits"), Json({{"selection", 0.25}, {"test", 0.25}}));
  const TemporaryFolder tiny, none;
  write_set(tiny.path(), "images", "masks", "", {0, 1}, 5);
  EXPECT_THROW(survey_folder(tiny.path()), core::UserError);
  EXPECT_THROW(survey_folder(none.path()), core::UserError);
}

TEST(Survey, RefusesImagesInThePlaceOfMasks) {
  const TemporaryFolder folder;
  for (int i = 0; i < 20; ++i) {
    tests::write_picture(folder / "images" / fmt::format("x{:02}.png", i), 32, 32,
                         static_cast<std::uint32_t>(i));
    tests::write_picture(folder / "masks" / fmt::format("x{:02}.png", i), 32, 32,
                         static_cast<std::uint32_t>(i + 50));
  }
  try {
    survey_folder(folder.path());
    FAIL() << "pictures were taken for masks";
  } catch (const core::UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("more than there can be classes"));
  }
}

TEST(Survey, RecognisesKnownSets) {
  const std::map<std::string, std::string> kinds = {
      {"oxford_pet", "oxford_pet"},         {"tgs_salt", "tgs_salt"}, {"dsb2018", "dsb2018"},
      {"dsb2018/stage1_train", "dsb2018"},  {"voc2012", "voc2012"},   {"camvid", "camvid"},
      {"carvana_layout_standin", "carvana"}};
  for (const auto& [folder, kind] : kinds) {
    if (!tests::fs::exists(data_folder() / folder))
      GTEST_SKIP() << "SKIPPED: no data at " << data_folder() / folder;
    const Survey survey = survey_folder(data_folder() / folder);
    EXPECT_EQ(survey.config.kind, kind) << folder;
    EXPECT_FALSE(survey.audit.refused()) << folder << ": " << text_of(survey.audit);
  }
}

/// Known sets that are not among the samples, as their archives unpack.
TEST(Survey, RecognisesLayoutsByWhatOnlyTheyHave) {
  const std::map<std::string, std::string> kinds = {
      {"VOCdevkit/VOC2012/x", "voc2012"},      {"oxford-iiit-pet/x", "oxford_pet"},
      {"ADEChallengeData2016/x", "ade20k"},    {"annotations/training/x", "ade20k"},
      {"leftImg8bit/x", "cityscapes"},         {"train-volume.tif", "isbi2012"},
      {"train_masks/a_01_mask.gif", "carvana"}};
  for (const auto& [file, kind] : kinds) {
    const TemporaryFolder folder;
    tests::write_text(folder / file, "");
    const auto known = recognise_kind(folder.path());
    ASSERT_TRUE(known) << file;
    EXPECT_EQ(known->kind, kind);
  }
  const TemporaryFolder folder;  // PNG masks of that folder name may be any set's
  tests::write_text(folder / "train_masks/a.png", "");
  EXPECT_FALSE(recognise_kind(folder.path()));
}

}  // namespace
}  // namespace segbench::data
