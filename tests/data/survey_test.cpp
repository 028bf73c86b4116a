// SPDX-License-Identifier: MIT
#include "harness/data/survey.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
  for (const Survey::Setting& entry : survey.settings) {
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
  for (const std::string kind : {"oxford_pet", "tgs_salt", "dsb2018", "voc2012", "camvid"}) {
    if (!tests::fs::exists(data_folder() / kind))
      GTEST_SKIP() << "SKIPPED: no data at " << data_folder() / kind;
    EXPECT_EQ(survey_folder(data_folder() / kind).config.kind, kind);
  }
}

}  // namespace
}  // namespace segbench::data
