// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/data/audit/scan.h"
#include "harness/data/data_set.h"
#include "harness/data/kinds/catalogue.h"
#include "tests/data/fixtures.h"
#include "tests/support/temporary_folder.h"

// `folders` with a mask for each object, several roots, and images without masks.

namespace segbench::data {
namespace {

using segbench::tests::TemporaryFolder;
using testing::ElementsAre, testing::HasSubstr;
using tests::findings_of, tests::folders_config, tests::text_of;

std::vector<std::uint8_t> row_of(const core::DataConfig& config, std::size_t index) {
  const DecodedSample sample = load_sample(open_catalogue(config), config, index, {1, 4});
  return sample.labels.labels;
}

TEST(ObjectMasks, OfAFolderAnImageAreUnited) {
  const TemporaryFolder folder;
  for (const std::string name : {"a", "b"}) {
    tests::write_picture(folder / "images" / (name + ".png"), 1, 4, name[0]);
    tests::write_mask(folder / "masks" / name / "1.png", 1, 4, {0, 1, 0, 0});
    tests::write_mask(folder / "masks" / name / "2.png", 1, 4, {0, 0, 0, 2});
  }
  core::DataConfig config = folders_config(folder.path(), 3);
  config.params["object_masks"] = "folder";
  EXPECT_EQ(open_catalogue(config).samples.size(), 2U);
  EXPECT_THAT(row_of(config, 0), ElementsAre(0, 1, 0, 2));
  tests::write_picture(folder / "images" / "c.png", 1, 4, 99);
  EXPECT_THAT(text_of(audit(config)), HasSubstr("the image has no mask of its name"));
}

TEST(ObjectMasks, ThatAreNumberedBelongToTheImageWithTheLongestName) {
  const TemporaryFolder folder;
  for (const std::string name : {"a", "a_1"})
    tests::write_picture(folder / "images" / (name + ".png"), 1, 4, name[0]);
  tests::write_mask(folder / "masks" / "a_0.png", 1, 4, {0, 1, 0, 0});
  tests::write_mask(folder / "masks" / "a_1_0.png", 1, 4, {1, 0, 0, 0});
  tests::write_mask(folder / "masks" / "a_1_1.png", 1, 4, {0, 0, 0, 1});
  core::DataConfig config = folders_config(folder.path());
  config.params["object_masks"] = "numbered";
  EXPECT_THAT(row_of(config, 0), ElementsAre(0, 1, 0, 0));
  EXPECT_THAT(row_of(config, 1), ElementsAre(1, 0, 0, 1));
  tests::write_mask(folder / "masks" / "d_1.png", 1, 4, {0, 1});
  EXPECT_THAT(text_of(audit(config)), HasSubstr("no image to which this mask of an object belongs"));
}

TEST(ObjectMasks, OfAnotherSizeOrValueAreNamed) {
  const TemporaryFolder folder;
  tests::write_picture(folder / "images" / "a.png", 1, 4, 1);
  tests::write_mask(folder / "masks" / "a_0.png", 1, 4, {0, 1, 0, 0});
  tests::write_mask(folder / "masks" / "a_1.png", 2, 4, {0, 1, 0, 0});
  tests::write_mask(folder / "masks" / "a_2.png", 1, 4, {0, 7, 0, 0});
  core::DataConfig config = folders_config(folder.path());
  config.params["object_masks"] = "numbered";
  const std::string text = text_of(audit(config));
  EXPECT_THAT(text, HasSubstr("masks/a_1.png: the mask has 2 x 4 pixels"));
  EXPECT_THAT(text, HasSubstr("masks/a_2.png: 1 pixels of this 8-bit grey PNG mask belong to no class: 7"));
}

TEST(Roots, AreJoinedUnderTheirNames) {
  const TemporaryFolder folder;
  tests::write_pairs(folder / "site_a", 4);
  tests::write_pairs(folder / "site_b", 3, 2, 8, 12, 50);
  tests::write_pairs(folder / "site_c", 3, 2, 8, 12, 90);
  core::DataConfig config = folders_config(folder.path());
  config.params["roots"] = {"site_a", "site_b"};
  config.group = "^[^/]+";
  const Catalogue catalogue = open_catalogue(config);
  ASSERT_EQ(catalogue.samples.size(), 7U);
  EXPECT_EQ(catalogue.samples[4].id, "site_b/p00");
  EXPECT_EQ(catalogue.samples[4].mask_file, "site_b/masks/p00.png");
  config.group = "kind";
  const AuditReport report = audit(config);
  EXPECT_FALSE(report.data_fingerprint.empty()) << text_of(report);
  config.params["roots"] = {"site_a", "site_d"};
  EXPECT_THAT(text_of(audit(config)), HasSubstr("site_d: there is no such folder, but roots names it"));
}

TEST(Unlabelled, ImagesAreSkippedWhereThatIsWanted) {
  const TemporaryFolder folder;
  tests::write_pairs(folder.path(), 14);
  tests::write_picture(folder / "images" / "only_for_prediction.png", 8, 12, 77);
  core::DataConfig config = folders_config(folder.path());
  EXPECT_TRUE(audit(config).refused());
  config.params["unlabelled"] = "skip";
  const AuditReport report = audit(config);
  EXPECT_FALSE(report.refused()) << text_of(report);
  const auto told = findings_of(report, "unlabelled");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_THAT(told[0].message,
              HasSubstr("one image without a mask, not used: images/only_for_prediction.png"));
  tests::write_mask(folder / "masks" / "alone.png", 8, 12, {0, 1});
  EXPECT_TRUE(audit(config).refused());
}

}  // namespace
}  // namespace segbench::data
