// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/data/survey.h"
#include "tests/data/fixtures.h"
#include "tests/support/temporary_folder.h"

// What `segbench init` makes of folders whose masks are outlines in JSON.

namespace segbench::data {
namespace {

using core::Json;
using segbench::tests::TemporaryFolder;
using tests::text_of;

Json found_setting(const Survey& survey, const std::string& key) {
  for (const FoundSetting& entry : survey.settings) {
    if (entry.key == key) return entry.value;
  }
  return nullptr;
}

std::vector<double> square(double from, double to) {
  return {from, from, to, from, to, to, from, to};
}

TEST(AnnotationSurvey, NamesTheCategoriesOfCoco) {
  const TemporaryFolder folder;
  Json coco = {
      {"categories",
       {{{"id", 0}, {"name", "animals"}}, {{"id", 3}, {"name", "dog"}}, {{"id", 1}, {"name", "cat"}}}}};
  for (int i = 0; i < 12; ++i) {
    const std::string name = fmt::format("x{:02}.png", i);
    tests::write_picture(folder / "images" / name, 40, 70, static_cast<std::uint32_t>(i));
    coco["images"].push_back({{"id", i}, {"file_name", name}, {"height", 40}, {"width", 70}});
    coco["annotations"].push_back(
        {{"id", 2 * i}, {"image_id", i}, {"category_id", 1}, {"segmentation", {square(2, 10)}}});
    coco["annotations"].push_back(
        {{"id", 2 * i + 1}, {"image_id", i}, {"category_id", 3}, {"segmentation", {square(12, 30)}}});
  }
  tests::write_text(folder / "annotations.json", coco.dump());
  const Survey survey = survey_folder(folder.path());
  EXPECT_EQ(survey.config.kind, "coco");
  EXPECT_FALSE(survey.audit.refused()) << text_of(survey.audit);
  EXPECT_EQ(found_setting(survey, "classes"), Json({"background", "cat", "dog"}));
  EXPECT_EQ(found_setting(survey, "resolution"), Json({32, 64}));
  EXPECT_EQ(found_setting(survey, "splits"), nullptr);
  EXPECT_EQ(survey.audit.splits.test.size(), 2U);
}

TEST(AnnotationSurvey, NamesTheLabelsOfLabelMe) {
  const TemporaryFolder folder;
  for (int i = 0; i < 8; ++i) {
    const std::string name = fmt::format("x{:02}", i);
    tests::write_picture(folder / (name + ".png"), 32, 32, static_cast<std::uint32_t>(i));
    const auto shape = [](const char* label, double from) {
      return Json{
          {"label", label}, {"shape_type", "rectangle"}, {"points", {{from, from}, {from + 6, from + 9}}}};
    };
    tests::write_text(
        folder / (name + ".json"),
        Json{{"imagePath", name + ".png"},
             {"imageHeight", 32},
             {"imageWidth", 32},
             {"shapes", {shape("wheel", 2), shape("_background_", 12), shape("__ignore__", 20)}}}
            .dump());
  }
  const Survey survey = survey_folder(folder.path());
  EXPECT_EQ(survey.config.kind, "labelme");
  EXPECT_EQ(found_setting(survey, "classes"), Json({"_background_", "wheel"}));
  EXPECT_EQ(found_setting(survey, "splits"), Json({{"selection", 0.25}, {"test", 0.25}}));
  EXPECT_EQ(survey.audit.splits.train.size(), 4U);
}

TEST(AnnotationSurvey, LeavesOtherJsonAlone) {
  const TemporaryFolder folder;
  tests::write_pairs(folder.path(), 20);
  tests::write_text(folder / "annotations.json", "{\"images\": [], \"note\": 1}");
  EXPECT_EQ(survey_folder(folder.path()).config.kind, "folders");
}

}  // namespace
}  // namespace segbench::data
