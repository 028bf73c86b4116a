// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/data/data_set.h"
#include "harness/data/kinds/catalogue.h"
#include "tests/data/fixtures.h"
#include "tests/support/temporary_folder.h"

// Groups, folds, lists and merged classes as an audit sees them.

namespace segbench::data {
namespace {

using segbench::tests::TemporaryFolder;
using testing::ElementsAre, testing::HasSubstr;
using tests::findings_of, tests::text_of;

/// Two views of each car: images/<car>_<view>.png.
core::DataConfig car_config(const TemporaryFolder& folder, int cars = 8) {
  for (int i = 0; i < 2 * cars; ++i) {
    const std::string name =
        std::string("car") + std::to_string(i / 2) + "_" + std::to_string(i % 2) + ".png";
    tests::write_picture(folder / "images" / name, 8, 12, static_cast<std::uint32_t>(i));
    tests::write_mask(folder / "masks" / name, 8, 12, {0, 1, 2});
  }
  return tests::folders_config(folder.path(), 3);
}

TEST(Groups, AreRefusedWhereListsTearThemApart) {
  const TemporaryFolder folder;
  core::DataConfig config = car_config(folder, 12);
  std::string train, test;
  for (int i = 0; i < 24; ++i)
    (i < 13 ? train : test) += "car" + std::to_string(i / 2) + "_" + std::to_string(i % 2) + "\n";
  tests::write_text(folder / "train.txt", train);
  tests::write_text(folder / "test.txt", test);
  config.group = "^([^_]+)_";
  const AuditReport torn = audit(config);
  ASSERT_EQ(findings_of(torn, "group_torn").size(), 1U) << text_of(torn);
  EXPECT_TRUE(torn.refused());
  EXPECT_THAT(findings_of(torn, "group_torn")[0].message, HasSubstr("the group \"car6\""));
  config.allow_overlap = true;
  const AuditReport allowed = audit(config);
  EXPECT_FALSE(allowed.refused()) << text_of(allowed);
  EXPECT_EQ(findings_of(allowed, "group_torn").size(), 1U);
  config.allow_overlap = false;
  config.group = "none";
  EXPECT_FALSE(audit(config).refused());
}

TEST(Groups, FollowAPatternOfIdsThatMustMatchAll) {
  const TemporaryFolder folder;
  core::DataConfig config = car_config(folder);
  config.group = "^[^_]+";
  const AuditReport report = audit(config);
  EXPECT_FALSE(report.refused()) << text_of(report);
  EXPECT_EQ(report.splits.test.size(), 2U);  // round(0.15 * 16)
  EXPECT_EQ(report.splits.test[0] / 2, report.splits.test[1] / 2);
  config.group = "^car[0-6]";
  EXPECT_THAT(text_of(audit(config)), HasSubstr("gives no group to 2 of 16 ids: car7_0, car7_1"));
}

TEST(Groups, AreBlamedWhereTheyAreTooLargeForASplit) {
  const TemporaryFolder folder;
  core::DataConfig config = car_config(folder);
  config.group = "^car";  // one group of all
  EXPECT_THAT(
      text_of(audit(config)),
      HasSubstr(
          "the selection split has no image; it needs at least 2; the samples belong to 1 group that must "
          "not be torn apart, too few or too large for these splits: let data.group make smaller ones"));
}

TEST(Folds, FollowTheSeedAndAreAuditedOneByOne) {
  const TemporaryFolder folder;
  core::DataConfig config = car_config(folder);
  config.folds = 4;
  const AuditReport report = audit(config);
  EXPECT_FALSE(report.refused()) << text_of(report);
  ASSERT_EQ(report.fold_splits.size(), 4U);
  std::vector<std::int64_t> tested;
  for (const std::uint64_t seed : {1, 2, 3, 4}) {
    const core::Splits& splits = splits_of(report, config, seed);
    EXPECT_EQ(splits.test.size(), 4U);
    tested.insert(tested.end(), splits.test.begin(), splits.test.end());
  }
  std::sort(tested.begin(), tested.end());
  EXPECT_EQ(std::unique(tested.begin(), tested.end()) - tested.begin(), 16);
  EXPECT_EQ(splits_of(report, config, 5).test, splits_of(report, config, 1).test);
  config.folds = 16;  // folds of one image
  const AuditReport refused = audit(config);
  EXPECT_TRUE(refused.refused());
  EXPECT_THAT(text_of(refused), HasSubstr("the test split has one image"));
}

core::FileChoice list_file(const TemporaryFolder& folder, const std::string& name, const std::string& text) {
  tests::write_text(folder / name, text);
  return {.path = (folder / name).string(), .sha256 = ""};
}

TEST(Lists, AreOfficialSplitsOfAnyKind) {
  const TemporaryFolder folder;
  core::DataConfig config = car_config(folder);
  config.lists = {
      {"mine", list_file(folder, "lists/mine.csv", "car0_0\nimages/car0_1.png\ncar1_0\ncar1_1\n")},
      {"rest", list_file(folder, "lists/rest.csv", "car2_0\ncar2_1\ncar3_0\ncar3_1\n")}};
  config.train = {.official = {"mine"}, .fraction = {}};
  config.selection = {.official = {}, .fraction = 0.5};
  config.test = {.official = {"rest"}, .fraction = {}};
  const AuditReport report = audit(config);
  EXPECT_FALSE(report.refused()) << text_of(report);
  EXPECT_EQ(report.splits.train.size(), 2U);
  EXPECT_THAT(report.splits.test, ElementsAre(4, 5, 6, 7));
  config.lists["rest"] = list_file(folder, "lists/rest.csv", "car2_0\ncar99_1\n");
  EXPECT_THAT(text_of(audit(config)), HasSubstr("rest.csv:2: there is no sample \"car99_1\""));
}

TEST(Lists, DoNotGuessWhichOfSeveralSamplesAnEntryMeans) {
  const TemporaryFolder folder;
  tests::write_pairs(folder / "train", 8);
  tests::write_pairs(folder / "val", 8, 2, 8, 12, 50);
  core::DataConfig config = tests::folders_config(folder.path());
  config.selection = config.test = {.official = {}, .fraction = 0.25};
  config.train = {.official = {"mine"}, .fraction = {}};
  std::string lines;
  for (int i = 0; i < 8; ++i) lines += "val/p0" + std::to_string(i) + "\n";
  config.lists = {{"mine", list_file(folder, "mine.lst", lines)}};
  const AuditReport report = audit(config);
  EXPECT_FALSE(report.refused()) << text_of(report);
  EXPECT_THAT(report.splits.train, testing::Each(testing::Ge(8)));
  config.lists = {{"mine", list_file(folder, "mine.lst", lines + "p03.png\n")}};
  const AuditReport unclear = audit(config);
  ASSERT_EQ(findings_of(unclear, "ambiguous").size(), 1U) << text_of(unclear);
  EXPECT_THAT(findings_of(unclear, "ambiguous")[0].message,
              HasSubstr("mine.lst:9: \"p03.png\" may be 2 samples: train/p03, val/p03"));
}

TEST(Merge, UnitesClassesOfFilesAndOfBuiltInData) {
  const TemporaryFolder folder;
  core::DataConfig config = car_config(folder);  // masks of the classes c0, c1, c2, in equal shares
  config.merge = {{"both", {"c2", "c0"}}};
  const AuditReport report = audit(config);
  EXPECT_FALSE(report.refused()) << text_of(report);
  ASSERT_EQ(report.classes.size(), 2U);
  EXPECT_EQ(report.classes[0].name, "both");
  EXPECT_EQ(report.classes[1].name, "c1");
  EXPECT_EQ(report.class_pixels.at("train")[0], 2 * report.class_pixels.at("train")[1]);
  EXPECT_NE(report.data_fingerprint, audit(tests::folders_config(folder.path(), 3)).data_fingerprint);

  core::DataConfig shapes = default_config("shapes");
  const AuditReport before = audit(shapes);
  shapes.merge = {{"round", {"disc", "ring"}}};
  const AuditReport after = audit(shapes);
  ASSERT_EQ(after.classes.size(), 6U);
  EXPECT_EQ(after.classes[1].name, "round");
  EXPECT_EQ(after.class_pixels.at("train")[1],
            before.class_pixels.at("train")[1] + before.class_pixels.at("train")[3]);
  EXPECT_EQ(after.class_pixels.at("train")[3], before.class_pixels.at("train")[4]);
}

}  // namespace
}  // namespace segbench::data
