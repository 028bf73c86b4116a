// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/core/counts.h"
#include "harness/core/error.h"
#include "harness/core/part.h"
#include "harness/data/kinds/catalogue.h"
#include "harness/data/kinds/listing.h"
#include "tests/data/fixtures.h"
#include "tests/support/temporary_folder.h"

namespace segbench::data {
namespace {

using testing::HasSubstr;

TEST(Kinds, HaveTheTraitsThatOthersReadAndAReader) {
  const auto kinds = core::PartRegistry::instance().all(core::PartKind::kDataSet);
  ASSERT_GE(kinds.size(), 4U);
  EXPECT_EQ(readable_kinds(), core::PartRegistry::instance().names(core::PartKind::kDataSet));
  for (const core::PartSpec* kind : kinds) {
    SCOPED_TRACE(kind->name);
    EXPECT_TRUE(kind->traits.at("needs_root").is_boolean());
    for (const char* split : {"train", "selection", "test"}) {
      const core::Json& rule = kind->traits.at("default_splits").at(split);
      EXPECT_TRUE(rule.is_string() || rule.is_number());
    }
    const core::Json& resolution = kind->traits.at("default_resolution");
    EXPECT_TRUE(resolution == "native" || (resolution.is_array() && resolution.size() == 2));
    const core::Json& classes = kind->traits.at("num_classes");
    EXPECT_TRUE(classes.is_null() || classes.is_number_integer());
    ASSERT_TRUE(kind->traits.at("layout").is_array());
    for (const core::Json& line : kind->traits.at("layout")) EXPECT_TRUE(line.is_string());
    for (const core::ParamSpec& param : kind->params) {
      EXPECT_TRUE(!param.default_value || !check_param(param, *param.default_value)) << param.name;
    }
    EXPECT_FALSE(kind->summary.empty());
    EXPECT_FALSE(kind->source.empty());
    EXPECT_FALSE(kind->traits.at("layout").empty());
    const core::Json& background = kind->traits.at("background");
    EXPECT_TRUE(background.is_null() || background == "by_name" ||
                (background >= 0 && background < classes.get<int>()));
    const bool takes_classes =
        std::any_of(kind->params.begin(), kind->params.end(),
                    [](const core::ParamSpec& param) { return param.name == "classes"; });
    EXPECT_EQ(classes.is_null(), takes_classes) << "classes are fixed or given, one of the two";
  }
}

std::vector<const core::PartSpec*> kinds_that(bool need_a_root) {
  std::vector<const core::PartSpec*> found;
  for (const core::PartSpec* kind : core::PartRegistry::instance().all(core::PartKind::kDataSet)) {
    if (kind->traits.at("needs_root") == need_a_root) found.push_back(kind);
  }
  return found;
}

/// The settings of a kind, with two classes where it wants to be told.
core::DataConfig usual_config(const core::PartSpec& kind, const std::string& root = "") {
  core::DataConfig config = default_config(kind.name, root);
  if (kind.traits.at("num_classes").is_null()) config.params["classes"] = {"a", "b"};
  return config;
}

TEST(Kinds, ThatNeedARootSayWhatIsWrongWithIt) {
  const segbench::tests::TemporaryFolder empty;
  ASSERT_FALSE(kinds_that(true).empty());
  for (const core::PartSpec* kind : kinds_that(true)) {
    SCOPED_TRACE(kind->name);
    for (const auto& [root, words] : {std::pair<std::string, std::string>{"", "no folder is given; set root"},
                                      {"/there/is/none", "/there/is/none: there is no such folder"},
                                      {empty.path().string(), empty.path().string()}}) {
      try {
        open_catalogue(usual_config(*kind, root));
        ADD_FAILURE() << "\"" << root << "\" was opened";
      } catch (const core::UserError& error) {
        EXPECT_EQ(error.exit_code(), core::kAuditRefused);
        EXPECT_THAT(error.what(), HasSubstr(words));
      }
    }
  }
}

TEST(Kinds, ThatAreBuiltInDrawTheSameSamplesEachTime) {
  ASSERT_FALSE(kinds_that(false).empty());
  for (const core::PartSpec* kind : kinds_that(false)) {
    SCOPED_TRACE(kind->name);
    const Catalogue catalogue = open_catalogue(usual_config(*kind)),
                    again = open_catalogue(usual_config(*kind));
    const auto classes = kind->traits.at("num_classes").get<std::size_t>();
    EXPECT_EQ(catalogue.classes.size(), classes);
    ASSERT_TRUE(catalogue.render);
    EXPECT_GT(catalogue.native_size[0] * catalogue.native_size[1], 0);
    ASSERT_FALSE(catalogue.official_splits.empty());
    for (const auto& [split, samples] : catalogue.official_splits) {
      ASSERT_FALSE(samples.empty()) << split;
      const auto index = static_cast<std::size_t>(samples.back());
      for (const auto& [height, width] : {std::pair{24, 40}, {33, 16}}) {
        const DecodedSample sample = catalogue.render(index, height, width);
        EXPECT_EQ(sample.image.height, height);
        EXPECT_EQ(sample.image.width, width);
        EXPECT_EQ(sample.image.pixels.size(), static_cast<std::size_t>(height * width * 3));
        ASSERT_EQ(sample.labels.labels.size(), static_cast<std::size_t>(height * width));
        for (const std::uint8_t label : sample.labels.labels)
          EXPECT_TRUE(label < classes || label == core::kVoidLabel);
        const DecodedSample same = again.render(index, height, width);
        EXPECT_EQ(same.image.pixels, sample.image.pixels);
        EXPECT_EQ(same.labels, sample.labels);
      }
    }
  }
}

std::string problems_with(const core::Json& changes) {
  const core::PartSpec& spec = core::PartRegistry::instance().get(core::PartKind::kDataSet, "folders");
  core::Json params = tests::folders_config("/data", 3).params;
  params.update(changes);
  std::string text;
  for (const core::PartProblem& problem : spec.check(params, {{"data", {{"params", params}}}})) {
    text += problem.key + ": " + problem.message + "\n";
  }
  return text;
}

TEST(Folders, RefuseContradictorySettings) {
  EXPECT_EQ(problems_with(core::Json::object()), "");
  EXPECT_EQ(problems_with({{"mask_values", {0, 1, 2}}, {"void_values", {255}}}), "");
  EXPECT_THAT(problems_with({{"mask_values", {0, 255}}}),
              HasSubstr("data.mask_values: has 2 entries for 3 classes"));
  EXPECT_THAT(problems_with({{"mask_values", {0, 255, 255}}}), HasSubstr("lists 255 twice"));
  EXPECT_THAT(problems_with({{"void_values", {2}}}),
              HasSubstr("data.void_values: lists 2, which is the value of a class"));
  EXPECT_THAT(problems_with({{"classes", {"a", "b", "a"}}}), HasSubstr("lists \"a\" twice"));
  EXPECT_THAT(problems_with({{"classes", core::Json::array({"a"})}}), HasSubstr("but lists 1"));
  EXPECT_THAT(problems_with({{"class_colours", {"#000000", "red", "#00ff00"}}}),
              HasSubstr("\"red\" is not a colour"));
  EXPECT_THAT(problems_with({{"masks", "images"}}), HasSubstr("data.mask_suffix"));
}

TEST(Folders, MayHoldImagesAndMasksTogether) {
  const segbench::tests::TemporaryFolder folder;
  for (const char* name : {"a", "b"}) {
    tests::write_picture(folder / (std::string("mix/") + name + ".png"), 4, 4, 1);
    tests::write_mask(folder / (std::string("mix/") + name + "_mask.png"), 4, 4, {0, 1});
  }
  tests::write_mask(folder / "mix/c_mask.png", 4, 4, {0, 1});
  core::DataConfig config = tests::folders_config(folder.path());
  config.params["images"] = config.params["masks"] = "mix";
  config.params["mask_suffix"] = "_mask";
  const Catalogue catalogue = open_catalogue(config);
  ASSERT_EQ(catalogue.samples.size(), 2U);
  EXPECT_EQ(catalogue.samples[0].mask_file, "mix/a_mask.png");
  ASSERT_EQ(catalogue.findings.size(), 1U);
  EXPECT_EQ(catalogue.findings[0].file, "mix/c_mask.png");
}

TEST(Folders, FindImagesWithoutAKnownSuffixByTheirSignature) {
  const segbench::tests::TemporaryFolder folder;
  tests::write_pairs(folder.path(), 2);
  tests::fs::rename(folder / "images/p00.png", folder / "images/p00");
  tests::write_text(folder / "images/Thumbs.db", "not an image");
  tests::write_text(folder / "images/._p01.png", "a shadow of another system");
  const Catalogue catalogue = open_catalogue(tests::folders_config(folder.path()));
  EXPECT_EQ(catalogue.samples.size(), 2U);
  EXPECT_TRUE(catalogue.findings.empty());
}

TEST(CamVidLists, ReportMalformedLinesWithTheirNumbers) {
  const segbench::tests::TemporaryFolder folder;
  tests::write_picture(folder / "train/a.png", 4, 4, 1);
  tests::write_mask(folder / "trainannot/a.png", 4, 4, {0});
  tests::write_picture(folder / "train/unlisted.png", 4, 4, 2);
  tests::write_text(folder / "train.txt",
                    "/x/train/a.png /x/trainannot/a.png\n\nonly-one-word\n/x/../.. /x/y/z\n"
                    "/x/train/b.png /x/trainannot/a.png\n");
  tests::write_text(folder / "val.txt", "");
  tests::write_text(folder / "test.txt", "");
  const Catalogue catalogue = open_catalogue(default_config("camvid", folder.path()));
  EXPECT_EQ(catalogue.samples.size(), 1U);
  std::string text;
  for (const AuditFinding& f : catalogue.findings) text += f.file + " " + f.message + "\n";
  EXPECT_THAT(text, HasSubstr("train.txt:3"));
  EXPECT_THAT(text, HasSubstr("train.txt:4"));
  EXPECT_THAT(text, HasSubstr("train/b.png there is no such file, but train.txt:5 names it"));
  EXPECT_THAT(text, HasSubstr("1 image that no list in use names (train.txt)"));
}

TEST(VocLists, NameMissingFilesAndAcceptTheArchivesFolders) {
  const segbench::tests::TemporaryFolder folder;
  const tests::fs::path root = folder.path() / "VOCdevkit/VOC2012";
  tests::write_picture(root / "JPEGImages/a.jpg", 4, 4, 1);
  tests::write_mask(root / "SegmentationClass/a.png", 4, 4, {0});
  tests::write_text(root / "ImageSets/Segmentation/train.txt", "a\nb\n../a\n");
  tests::write_text(root / "ImageSets/Segmentation/val.txt", "");
  tests::write_text(root / "ImageSets/Segmentation/trainaug.txt", "c\n");  // not asked for, so not looked at
  const Catalogue catalogue = open_catalogue(default_config("voc2012", folder.path()));
  EXPECT_EQ(catalogue.samples.size(), 1U);
  ASSERT_EQ(catalogue.findings.size(), 2U);
  EXPECT_THAT(catalogue.findings[0].file, HasSubstr("train.txt:2"));
  EXPECT_THAT(catalogue.findings[0].message, HasSubstr("no image \"b\" in JPEGImages"));
}

TEST(Printable, EscapesWhatIsNotUtf8) {
  EXPECT_EQ(printable("Straße 道"), "Straße 道");
  EXPECT_EQ(printable("a\xFF"
                      "b\n"),
            "a\\xFFb\\x0A");
  EXPECT_EQ(printable("\xC0\xAF"), "\\xC0\\xAF");           // overlong
  EXPECT_EQ(printable("\xED\xA0\x80"), "\\xED\\xA0\\x80");  // a surrogate
  EXPECT_EQ(printable("\xE2\x82"), "\\xE2\\x82");           // cut off
}

}  // namespace
}  // namespace segbench::data
