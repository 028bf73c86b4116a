// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/files.h"
#include "harness/core/json.h"
#include "harness/data/audit/scan.h"
#include "harness/data/data_set.h"
#include "harness/data/kinds/catalogue.h"
#include "tests/data/fixtures.h"
#include "tests/support/temporary_folder.h"

// The kinds `coco` and `labelme`, whose masks are outlines in JSON.

namespace segbench::data {
namespace {

using core::Json;
using segbench::tests::TemporaryFolder;
using testing::ElementsAre, testing::HasSubstr;
using tests::findings_of, tests::text_of;

core::DataConfig annotated(const std::string& kind, const TemporaryFolder& folder,
                           const std::vector<std::string>& classes) {
  core::DataConfig config = default_config(kind, folder.path().string());
  config.params["classes"] = classes;
  return config;
}

std::vector<std::uint8_t> drawn(const core::DataConfig& config, std::size_t index) {
  return load_sample(open_catalogue(config), config, index, {2, 4}).labels.labels;
}

/// Two images of 2 x 4: one with a polygon over its two left columns and a run over its last one, one with
/// both over each other.
Json two_images(const std::string& prefix) {
  const std::vector<double> left = {0, 0, 2, 0, 2, 2, 0, 2};
  return {{"images",
           {{{"id", 7}, {"file_name", prefix + "a.png"}, {"height", 2}, {"width", 4}},
            {{"id", 9}, {"file_name", prefix + "b.png"}, {"height", 2}, {"width", 4}}}},
          {"categories",
           {{{"id", 1}, {"name", "cat"}}, {{"id", 5}, {"name", "dog"}}, {{"id", 6}, {"name", "cow"}}}},
          {"annotations",
           {{{"id", 1}, {"image_id", 7}, {"category_id", 5}, {"segmentation", {left}}},
            {{"id", 2},
             {"image_id", 7},
             {"category_id", 1},
             {"segmentation", {{"size", {2, 4}}, {"counts", {6, 2}}}}},
            {{"id", 3}, {"image_id", 9}, {"category_id", 5}, {"segmentation", {left}}},
            {{"id", 4},
             {"image_id", 9},
             {"category_id", 1},
             {"segmentation", {{"size", {2, 4}}, {"counts", "026"}}}}}}};
}

void write_coco(const TemporaryFolder& folder, const std::string& file, const std::string& images,
                const std::string& prefix, const Json& json) {
  tests::write_text(folder / file, json.dump());
  for (const char* name : {"a.png", "b.png"})
    tests::write_picture(folder / images / (prefix + name), 2, 4,
                         static_cast<std::uint32_t>(name[0] + images.size()));
}

TEST(CocoKind, DrawsPolygonsAndRuns) {
  const TemporaryFolder folder;
  write_coco(folder, "annotations.json", "images", "", two_images(""));
  core::DataConfig config = annotated("coco", folder, {"background", "cat", "dog"});
  const Catalogue catalogue = open_catalogue(config);
  ASSERT_EQ(catalogue.samples.size(), 2U) << text_of(audit(config));
  EXPECT_EQ(catalogue.samples[0].image_file, "images/a.png");
  EXPECT_EQ(catalogue.samples[0].mask_file, "annotations.json");
  EXPECT_THAT(drawn(config, 0), ElementsAre(2, 2, 0, 1, 2, 2, 0, 1));
  EXPECT_THAT(drawn(config, 1), ElementsAre(1, 2, 0, 0, 1, 2, 0, 0));  // the last one on top
  config.params["overlap"] = "void";
  EXPECT_THAT(drawn(config, 1), ElementsAre(255, 2, 0, 0, 255, 2, 0, 0));
}

TEST(CocoKind, HandlesNamesThatAreNoClassesAsAsked) {
  const TemporaryFolder folder;
  write_coco(folder, "annotations.json", "images", "", two_images(""));
  core::DataConfig config = annotated("coco", folder, {"background", "dog"});
  EXPECT_THAT(text_of(audit(config)), HasSubstr("objects have names that are no classes: \"cat\" (2)"));
  config.params["unlisted"] = "rest";
  EXPECT_THAT(drawn(config, 0), ElementsAre(1, 1, 0, 0, 1, 1, 0, 0));
  config.params["unlisted"] = "void";
  EXPECT_THAT(drawn(config, 0), ElementsAre(1, 1, 0, 255, 1, 1, 0, 255));
  // Without a background, what no object covers is void.
  config = annotated("coco", folder, {"cat", "dog"});
  EXPECT_THAT(drawn(config, 0), ElementsAre(1, 1, 255, 0, 1, 1, 255, 0));
}

TEST(CocoKind, ReadsTheLayoutsOfCocoAndOfExports) {
  {
    const TemporaryFolder folder;
    for (const char* split : {"train", "val", "test"})
      write_coco(folder, std::string("annotations/instances_") + split + ".json", split, "", two_images(""));
    tests::write_text(folder / "annotations/captions_train.json", "{}");
    const AuditReport report = audit(annotated("coco", folder, {"background", "cat", "dog"}));
    EXPECT_EQ(report.splits.train.size(), 2U) << text_of(report);
    EXPECT_EQ(report.splits.selection.size(), 2U);
    EXPECT_EQ(report.splits.test.size(), 2U);
  }
  const TemporaryFolder folder;
  for (const char* split : {"train", "valid", "test"})
    write_coco(folder, std::string(split) + "/_annotations.coco.json", split, "", two_images(""));
  const Catalogue catalogue = open_catalogue(annotated("coco", folder, {"background", "cat", "dog"}));
  ASSERT_EQ(catalogue.samples.size(), 6U);
  EXPECT_EQ(catalogue.samples[5].id, "valid/b");
}

TEST(CocoKind, LeavesTheYearOutOfTheNamesOfSplits) {
  const TemporaryFolder folder;
  for (const char* split : {"train2017", "val2017"})
    write_coco(folder, std::string("annotations/instances_") + split + ".json", split, "", two_images(""));
  const core::DataConfig config = annotated("coco", folder, {"background", "cat", "dog"});
  EXPECT_EQ(open_catalogue(config).samples.at(0).id, "train/a");
  EXPECT_EQ(open_catalogue(config).samples.at(0).image_file, "train2017/a.png");
  write_coco(folder, "annotations/instances_train2014.json", "train2014", "", two_images(""));
  core::DataConfig of_one_year = config;
  of_one_year.train = {.official = {"train2014"}, .fraction = {}};
  of_one_year.selection = of_one_year.test = {.official = {"val2017"}, .fraction = {}};
  EXPECT_EQ(open_catalogue(of_one_year).samples.at(0).id, "train2014/a");
}

TEST(CocoKind, NamesWhatIsWrong) {
  const TemporaryFolder folder;
  Json json = two_images("");
  json["annotations"][0]["segmentation"] = {{1.0, 2.0, 3.0}};
  json["annotations"][1]["segmentation"]["counts"] = {6, 3};
  json["annotations"][2]["image_id"] = 11;
  json["images"][1]["file_name"] = "nowhere.png";
  json["annotations"][3]["segmentation"] = Json::array();
  write_coco(folder, "annotations.json", "images", "", json);
  const std::string text = text_of(audit(annotated("coco", folder, {"background", "cat", "dog"})));
  EXPECT_THAT(text, HasSubstr("annotation 1: a polygon needs at least three corners, but lists 3 numbers"));
  EXPECT_THAT(text, HasSubstr("run lengths cover 9 pixels of a mask of 2 x 4"));
  EXPECT_THAT(text, HasSubstr("an annotation is of image 11, which the file does not list"));
  EXPECT_THAT(text, HasSubstr("there is no image \"nowhere.png\""));
  EXPECT_THAT(text, HasSubstr("annotation 4: it has no outline"));
  tests::write_text(folder / "annotations.json", "[1, 2");
  EXPECT_THAT(text_of(audit(annotated("coco", folder, {"background", "cat"}))),
              HasSubstr("no annotation file of COCO"));
}

TEST(CocoKind, RefusesIdsThatMeanTwoThings) {
  const TemporaryFolder folder;
  Json json = two_images("");
  json["images"][1]["id"] = 7;
  json["categories"][2]["id"] = 1;
  write_coco(folder, "annotations.json", "images", "", json);
  const std::string text = text_of(audit(annotated("coco", folder, {"background", "cat", "dog"})));
  EXPECT_THAT(text, HasSubstr("two images have the id 7: \"a.png\" and \"b.png\""));
  EXPECT_THAT(text, HasSubstr("two categories have the id 1: \"cat\" and \"cow\""));
}

TEST(CocoKind, AnImageThatIsListedTwiceHasTheObjectsOfBoth) {
  const TemporaryFolder folder;
  Json json = two_images("");
  json["images"][1]["file_name"] = "a.png";
  json["annotations"][1]["image_id"] = 9;  // the run over the last column
  json["annotations"].erase(2), json["annotations"].erase(2);
  write_coco(folder, "annotations.json", "images", "", json);
  const core::DataConfig config = annotated("coco", folder, {"background", "cat", "dog"});
  ASSERT_EQ(open_catalogue(config).samples.size(), 1U);
  EXPECT_THAT(drawn(config, 0), ElementsAre(2, 2, 0, 1, 2, 2, 0, 1));
  EXPECT_EQ(findings_of(audit(config), "list").size(), 1U);
}

TEST(CocoKind, RefusesTwoImagesOfOneStem) {
  const TemporaryFolder folder;
  Json json = two_images("");
  json["images"][1]["file_name"] = "a.jpg";
  write_coco(folder, "annotations.json", "images", "", json);
  tests::fs::copy(folder / "images/b.png", folder / "images/a.jpg");
  const AuditReport report = audit(annotated("coco", folder, {"background", "cat", "dog"}));
  ASSERT_EQ(findings_of(report, "ambiguous").size(), 1U) << text_of(report);
  EXPECT_THAT(text_of(report), HasSubstr("images/a.jpg: images/a.png has the same stem \"a\""));
}

TEST(CocoKind, NamesTheFileOfAPolygonFarAway) {
  const TemporaryFolder folder;
  Json json = two_images("");
  json["annotations"][0]["segmentation"] = {{0, 0, 1e8, 0, 1e8, 1e8, 0, 1e8}};
  write_coco(folder, "annotations.json", "images", "", json);
  EXPECT_THAT(
      text_of(audit(annotated("coco", folder, {"background", "cat", "dog"}))),
      HasSubstr("annotations.json: image a: a polygon has a corner at 100000000; at most 1000000 pixels"));
}

void write_labelme(const TemporaryFolder& folder, const std::string& name, const Json& shapes,
                   const std::string& image_path = "") {
  const std::string image = std::filesystem::path(name).filename().string() + ".png";
  tests::write_picture(folder / (name + ".png"), 2, 4, static_cast<std::uint32_t>(name.size() + name.back()));
  tests::write_text(folder / (name + ".json"), Json{{"version", "5.0"},
                                                    {"shapes", shapes},
                                                    {"imagePath", image_path.empty() ? image : image_path},
                                                    {"imageHeight", 2},
                                                    {"imageWidth", 4}}
                                                   .dump());
}

Json shape(const char* label, const char* type, const std::vector<std::vector<double>>& points) {
  return {{"label", label}, {"shape_type", type}, {"points", points}};
}

TEST(LabelMeKind, DrawsPolygonsAndRectangles) {
  const TemporaryFolder folder;
  write_labelme(folder, "a",
                {shape("dog", "polygon", {{0, 0}, {1.9, 0}, {1, 1}, {0, 1}}),
                 shape("cat", "rectangle", {{3, 1}, {3, 0}})});
  write_labelme(folder, "b", Json::array(), "C:\\data\\b.png");
  const core::DataConfig config = annotated("labelme", folder, {"background", "cat", "dog"});
  ASSERT_EQ(open_catalogue(config).samples.size(), 2U) << text_of(audit(config));
  EXPECT_THAT(drawn(config, 0), ElementsAre(2, 2, 0, 1, 2, 2, 0, 1));
  EXPECT_THAT(drawn(config, 1), ElementsAre(0, 0, 0, 0, 0, 0, 0, 0));
}

TEST(LabelMeKind, DrawsMasksAndWhatIsIgnored) {
  const TemporaryFolder folder;
  // A PNG of 1 bit, 2 x 2, upper row set (Pillow), placed so that its right column leaves the image.
  Json mask = shape("dog", "mask", {{3, 0}, {4, 1}});
  mask["mask"] =
      "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACAQAAAABazTCJAAAADElEQVR4nGM4wMAAAAJEAMGTjGgiAAAAAElFTkSuQmCC";
  Json untyped = shape("cat", "", {{0, 0}, {0, 1}, {0, 0}});
  untyped["shape_type"] = nullptr;
  write_labelme(folder, "a", {mask, untyped, shape("__ignore__", "rectangle", {{1, 1}, {1, 1}})});
  const core::DataConfig config = annotated("labelme", folder, {"background", "cat", "dog"});
  ASSERT_EQ(open_catalogue(config).samples.size(), 1U) << text_of(audit(config));
  EXPECT_THAT(drawn(config, 0), ElementsAre(1, 0, 0, 2, 1, 255, 0, 0));
}

TEST(LabelMeKind, LeavesAloneWhatFileManagersAndEditorsHide) {
  const TemporaryFolder folder;
  write_labelme(folder, "a", Json::array({shape("dog", "rectangle", {{0, 0}, {1, 0}})}));
  for (const char* hidden : {"._a.json", ".ipynb_checkpoints/a-checkpoint.json", "__MACOSX/a.json"})
    tests::write_text(folder / hidden, "no annotation");
  const Catalogue catalogue = open_catalogue(annotated("labelme", folder, {"background", "dog"}));
  EXPECT_EQ(catalogue.samples.size(), 1U);
  EXPECT_TRUE(catalogue.findings.empty()) << catalogue.findings[0].file;
}

TEST(LabelMeKind, TellsFoldersThatNoSplitTakes) {
  const TemporaryFolder folder;
  for (const char* name : {"train/a", "val/b", "extra/c"})
    write_labelme(folder, name, Json::array({shape("dog", "rectangle", {{0, 0}, {1, 0}})}));
  core::DataConfig config = annotated("labelme", folder, {"background", "dog"});
  const auto told = findings_of(audit(config), "unused_folders");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_THAT(told[0].message, HasSubstr("not used: extra"));
  config.test = {.official = {"extra"}, .fraction = {}};
  EXPECT_EQ(open_catalogue(config).official_splits.at("extra").size(), 1U);
  EXPECT_TRUE(findings_of(audit(config), "unused_folders").empty());
}

TEST(LabelMeKind, TakesTheSizeOfTheImageWhereNoneIsStated) {
  const TemporaryFolder folder;
  write_labelme(folder, "a", Json::array({shape("dog", "rectangle", {{0, 0}, {1, 0}})}));
  Json json = Json::parse(core::read_file(folder / "a.json"));
  json["imageHeight"] = nullptr, json.erase("imageWidth");
  tests::write_text(folder / "a.json", json.dump());
  const core::DataConfig config = annotated("labelme", folder, {"background", "dog"});
  ASSERT_EQ(open_catalogue(config).samples.size(), 1U) << text_of(audit(config));
  EXPECT_THAT(drawn(config, 0), ElementsAre(1, 1, 0, 0, 0, 0, 0, 0));
  json["imageHeight"] = -3, json["imageWidth"] = 4;
  tests::write_text(folder / "a.json", json.dump());
  EXPECT_THAT(text_of(audit(config)),
              HasSubstr("a.json: the annotation says that the image has -3 x 4 pixels"));
}

TEST(LabelMeKind, RefusesShapesThatAreNotDrawnAndReadsSplits) {
  const TemporaryFolder folder;
  write_labelme(folder, "train/a", Json::array({shape("dog", "points", {{0, 0}, {1, 0}})}));
  write_labelme(folder, "train/b", Json::array({shape("dog", "polygon", {{0, 0}, {1, 0}, {1, 1}})}));
  write_labelme(folder, "test/c", Json::array({shape("dog", "polygon", {{0, 0}, {1, 0}, {1, 1}})}));
  const core::DataConfig config = annotated("labelme", folder, {"background", "dog"});
  const Catalogue catalogue = open_catalogue(config);
  EXPECT_EQ(catalogue.official_splits.at("train").size(), 1U);
  EXPECT_EQ(catalogue.samples[0].id, "test/c");
  EXPECT_THAT(text_of(audit(config)), HasSubstr("train/a.json: a shape of type \"points\" is not drawn"));
}

}  // namespace
}  // namespace segbench::data
