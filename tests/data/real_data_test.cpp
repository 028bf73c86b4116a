// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "harness/data/audit/scan.h"
#include "harness/data/data_set.h"
#include "harness/data/kinds/catalogue.h"
#include "tests/data/fixtures.h"
#include "tests/support/oracles.h"

// The real samples of $SEGBENCH_DATA, whose README names the traps.

namespace segbench::data {
namespace {

using segbench::tests::data_folder;
using testing::HasSubstr;
using tests::findings_of;
using tests::text_of;

double fraction(const std::vector<std::int64_t>& pixels, std::size_t c) {
  const std::int64_t all = std::accumulate(pixels.begin(), pixels.end(), std::int64_t{0});
  return static_cast<double>(pixels[c]) / static_cast<double>(all);
}

TEST(CamVid, HasTheSharesOfItsReadme) {
  SEGBENCH_NEEDS_DATA("camvid");
  const AuditReport report = audit(default_config("camvid", data_folder() / "camvid"));
  EXPECT_FALSE(report.refused()) << text_of(report);
  EXPECT_EQ(report.height, 96);
  EXPECT_EQ(report.width, 128);
  EXPECT_EQ(report.splits.train.size(), 367U);
  EXPECT_EQ(report.splits.selection.size(), 101U);
  EXPECT_EQ(report.splits.test.size(), 12U);
  ASSERT_EQ(report.classes.size(), 11U);
  EXPECT_EQ(report.classes[3].name, "Road");
  EXPECT_EQ(report.classes[4].colour, (Rgb{60, 40, 222}));
  const std::vector<double> train = {.169, .233, .010, .317, .045, .097, .012, .011, .059, .006, .003, .040};
  const std::vector<double> val = {.092, .260, .006, .290, .087, .163, .009, .031, .018, .007, .022, .017};
  for (std::size_t c = 0; c < 12; ++c) {
    EXPECT_NEAR(fraction(report.class_pixels.at("train"), c), train[c], 0.0006) << c;
    EXPECT_NEAR(fraction(report.class_pixels.at("selection"), c), val[c], 0.0006) << c;
  }
}

TEST(CamVid, PairsImagesWithTheirOwnLabels) {
  SEGBENCH_NEEDS_DATA("camvid");
  const Catalogue catalogue = open_catalogue(default_config("camvid", data_folder() / "camvid"));
  for (const Sample& sample : catalogue.samples) {
    const tests::fs::path image = sample.image_file, mask = sample.mask_file;
    EXPECT_EQ(image.stem(), mask.stem());
    EXPECT_EQ(image.parent_path().string() + "annot", mask.parent_path().string());
  }
}

TEST(Voc2012, ReadsIndicesAndKeepsVoidOut) {
  SEGBENCH_NEEDS_DATA("voc2012");
  core::DataConfig config = default_config("voc2012", data_folder() / "voc2012");
  config.params["allow_absent_classes"] = true;
  const AuditReport report = audit(config);
  EXPECT_FALSE(report.refused()) << text_of(report);
  EXPECT_EQ(report.splits.train.size() + report.splits.selection.size(), 11U);
  EXPECT_EQ(report.splits.selection.size(), 2U);  // round(0.2 * 11)
  EXPECT_EQ(report.splits.test.size(), 15U);
  std::vector<std::int64_t> sum(22);
  for (const auto& [split, pixels] : report.class_pixels) {
    for (std::size_t c = 0; c < 22; ++c) sum[c] += pixels[c];
  }
  for (const std::size_t absent : {1, 4, 6, 7, 12, 17}) EXPECT_EQ(sum[absent], 0) << absent;
  for (const std::size_t present : {0, 2, 3, 5, 8, 9, 10, 11, 13, 14, 15, 16, 18, 19, 20, 21}) {
    EXPECT_GT(sum[present], 0) << present;
  }
}

TEST(Voc2012, RefusesToScoreClassesThatTrainingNeverSees) {
  SEGBENCH_NEEDS_DATA("voc2012");
  const AuditReport report = audit(default_config("voc2012", data_folder() / "voc2012"));
  ASSERT_TRUE(report.refused());
  EXPECT_THAT(text_of(report), HasSubstr("a network cannot learn them"));
}

TEST(Voc2012, TrainvalAgainstValLeaks) {
  SEGBENCH_NEEDS_DATA("voc2012");
  core::DataConfig config = default_config("voc2012", data_folder() / "voc2012");
  config.params["allow_absent_classes"] = true;
  config.train = {.official = {"trainval"}, .fraction = std::nullopt};
  config.selection = {.official = {"train"}, .fraction = std::nullopt};
  config.test = {.official = {"val"}, .fraction = std::nullopt};
  const AuditReport refused = audit(config);
  EXPECT_EQ(findings_of(refused, "overlap").size(), 26U);
  EXPECT_TRUE(refused.refused());
  EXPECT_THAT(text_of(refused), HasSubstr("is in train and in test"));
  config.allow_overlap = true;
  const AuditReport allowed = audit(config);
  EXPECT_FALSE(allowed.refused()) << text_of(allowed);
  EXPECT_EQ(findings_of(allowed, "overlap").size(), 26U);
}

core::DataConfig tgs_config() {
  core::DataConfig config = default_config("folders", data_folder() / "tgs_salt" / "train");
  config.params["classes"] = {"background", "salt"};
  config.params["mask_values"] = {0, 65535};
  return config;
}

TEST(TgsSalt, ReadsMasksOfBothDepths) {
  SEGBENCH_NEEDS_DATA("tgs_salt");
  const AuditReport report = audit(tgs_config());
  EXPECT_FALSE(report.refused()) << text_of(report);
  EXPECT_EQ(report.splits.train.size() + report.splits.selection.size() + report.splits.test.size(), 100U);
  std::int64_t salt = 0, all = 0;
  for (const auto& [split, pixels] : report.class_pixels) salt += pixels[1], all += pixels[0] + pixels[1];
  EXPECT_NEAR(static_cast<double>(salt) / static_cast<double>(all), 0.27, 0.005);
}

TEST(TgsSalt, FindsTheTwoBlackImagesWhereverTheyAreDrawn) {
  SEGBENCH_NEEDS_DATA("tgs_salt");
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    core::DataConfig config = tgs_config();
    config.split_seed = seed;
    const AuditReport report = audit(config);
    EXPECT_FALSE(report.refused()) << text_of(report);  // drawn together, so no overlap
    const auto duplicates = findings_of(report, "duplicate");
    ASSERT_EQ(duplicates.size(), 1U);
    EXPECT_THAT(duplicates[0].file + duplicates[0].message, HasSubstr("c8404c2d4f"));
    EXPECT_THAT(duplicates[0].file + duplicates[0].message, HasSubstr("40ccdfe09d"));
    EXPECT_THAT(duplicates[0].message, HasSubstr("all its pixels are the same"));
  }
}

// The trap that cost a team days: masks of 0 and 65535 taken for class numbers.
TEST(TgsSalt, NamesTheFilesTheValuesAndTheRemedyWhenMasksAreNotClasses) {
  SEGBENCH_NEEDS_DATA("tgs_salt");
  core::DataConfig config = tgs_config();
  config.params["mask_values"] = core::Json();
  const AuditReport report = audit(config);
  ASSERT_TRUE(report.refused());
  EXPECT_EQ(findings_of(report, "mask_values").size(), 71U);  // 29 masks have no salt
  const auto overall = findings_of(report, "mask_values_overall");
  ASSERT_EQ(overall.size(), 1U);
  EXPECT_THAT(overall[0].message, HasSubstr("71 of 100 masks"));
  EXPECT_THAT(overall[0].message, HasSubstr("65535"));
  EXPECT_EQ(overall[0].remedy, "set mask_values = [0, 65535]");
  EXPECT_THAT(findings_of(report, "mask_values")[0].file, HasSubstr("masks/"));
}

core::DataConfig pet_config() {
  core::DataConfig config = default_config("folders", data_folder() / "oxford_pet");
  config.params["classes"] = {"pet", "background", "border"};
  config.params["masks"] = "annotations/trimaps";
  config.params["mask_values"] = {1, 2, 3};
  config.resolution = {{128, 128}};
  return config;
}

TEST(OxfordPet, ReadsTrimapsAndAGifNamedJpg) {
  SEGBENCH_NEEDS_DATA("oxford_pet");
  const core::DataConfig config = pet_config();
  const AuditReport report = audit(config);
  EXPECT_FALSE(report.refused()) << text_of(report);
  const Catalogue catalogue = open_catalogue(config);
  ASSERT_EQ(catalogue.samples.size(), 27U);
  const auto gif = std::find_if(catalogue.samples.begin(), catalogue.samples.end(),
                                [](const Sample& sample) { return sample.id == "Abyssinian_34"; });
  ASSERT_NE(gif, catalogue.samples.end());
  const DecodedSample sample =
      load_sample(catalogue, config, static_cast<std::size_t>(gif - catalogue.samples.begin()), {202, 250});
  EXPECT_TRUE(
      std::all_of(sample.labels.labels.begin(), sample.labels.labels.end(), [](int l) { return l == 1; }));
  EXPECT_GT(*std::max_element(sample.image.pixels.begin(), sample.image.pixels.end()), 200);
}

TEST(OxfordPet, SaysThatLabelsStartAtOne) {
  SEGBENCH_NEEDS_DATA("oxford_pet");
  core::DataConfig config = pet_config();
  config.params["mask_values"] = core::Json();
  EXPECT_THAT(text_of(audit(config)), HasSubstr("mask_values = [1, 2, 3]"));
}

TEST(OxfordPet, NeedsAResolutionForItsManySizes) {
  SEGBENCH_NEEDS_DATA("oxford_pet");
  core::DataConfig config = pet_config();
  config.resolution = std::nullopt;
  const AuditReport report = audit(config);
  EXPECT_TRUE(report.refused());
  EXPECT_FALSE(findings_of(report, "native_size").empty());
  EXPECT_THAT(text_of(report), HasSubstr("set resolution = [height, width]"));
}

TEST(Carvana, ReadsGifMasksAndPairsByName) {
  SEGBENCH_NEEDS_DATA("carvana_layout_standin");
  core::DataConfig config = default_config("folders", data_folder() / "carvana_layout_standin");
  config.params["classes"] = {"background", "car"};
  config.params["images"] = "train";
  config.params["masks"] = "train_masks";
  config.params["mask_suffix"] = "_mask";
  const Catalogue catalogue = open_catalogue(config);
  EXPECT_TRUE(catalogue.findings.empty());
  ASSERT_EQ(catalogue.samples.size(), 10U);
  for (const Sample& sample : catalogue.samples) {
    EXPECT_EQ(tests::fs::path(sample.image_file).stem().string() + "_mask",
              tests::fs::path(sample.mask_file).stem().string());
  }
  const AuditReport report = audit(config);
  EXPECT_EQ(report.height, 160);
  EXPECT_EQ(report.width, 240);
  std::int64_t car = 0, all = 0;
  for (const auto& [split, pixels] : report.class_pixels) car += pixels[1], all += pixels[0] + pixels[1];
  EXPECT_GT(car, all / 10);
  EXPECT_LT(car, all * 9 / 10);
}

}  // namespace
}  // namespace segbench::data
