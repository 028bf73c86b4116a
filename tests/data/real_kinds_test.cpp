// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/data/audit/scan.h"
#include "harness/data/data_set.h"
#include "harness/data/kinds/catalogue.h"
#include "tests/data/fixtures.h"
#include "tests/support/oracles.h"

// The kinds on the real samples of $SEGBENCH_DATA. Pixels of each class, before resizing, were counted with
// Pillow and NumPy.

namespace segbench::data {
namespace {

using segbench::tests::data_folder;
using testing::ElementsAre, testing::HasSubstr;
using tests::findings_of, tests::text_of;

/// Pixels of each class and, last, void over the samples of one official split, as stored.
std::vector<std::int64_t> stored_pixels(const core::DataConfig& config, const std::string& split) {
  const Catalogue catalogue = open_catalogue(config);
  const Scan scan = scan_samples(catalogue, config, {}, {});
  std::vector<std::int64_t> sums(catalogue.classes.size() + 1);
  for (const std::int64_t i : catalogue.official_splits.at(split)) {
    const SampleFacts& facts = scan.samples[static_cast<std::size_t>(i)];
    EXPECT_TRUE(facts.findings.empty()) << facts.findings.front().message;
    for (std::size_t c = 0; c < sums.size() && !facts.stored_pixels.empty(); ++c)
      sums[c] += facts.stored_pixels[c];
  }
  return sums;
}

TEST(OxfordPetKind, ReadsTrimapsByTheOfficialLists) {
  SEGBENCH_NEEDS_DATA("oxford_pet");
  const core::DataConfig config = default_config("oxford_pet", data_folder() / "oxford_pet");
  const AuditReport report = audit(config);
  EXPECT_FALSE(report.refused()) << text_of(report);
  EXPECT_EQ(report.splits.train.size(), 17U);
  EXPECT_EQ(report.splits.selection.size(), 3U);  // round(0.15 * 20)
  EXPECT_EQ(report.splits.test.size(), 6U);
  ASSERT_EQ(report.classes.size(), 3U);
  EXPECT_EQ(report.classes[1].name, "border");
  const auto unlisted = findings_of(report, "unlisted");
  ASSERT_EQ(unlisted.size(), 1U);
  EXPECT_THAT(unlisted[0].message, HasSubstr("Abyssinian_34.jpg"));
  EXPECT_THAT(stored_pixels(config, "trainval"), ElementsAre(254186, 113474, 562124, 0));
  EXPECT_THAT(stored_pixels(config, "test"), ElementsAre(56656, 26557, 126227, 0));
}

TEST(TgsSaltKind, ReadsMasksOfBothDepths) {
  SEGBENCH_NEEDS_DATA("tgs_salt");
  for (const char* below : {"tgs_salt", "tgs_salt/train"}) {
    const core::DataConfig config = default_config("tgs_salt", data_folder() / below);
    const AuditReport report = audit(config);
    EXPECT_FALSE(report.refused()) << text_of(report);
    EXPECT_EQ(report.splits.train.size(), 80U);
    EXPECT_EQ(report.splits.test.size(), 10U);
    EXPECT_THAT(stored_pixels(config, "all"), ElementsAre(744598, 275502, 0));
  }
}

// The trap that cost a team days: masks of another depth than the settings say.
TEST(TgsSaltKind, NamesFilesValuesAndRemedyWhenMasksAreOfAnotherScale) {
  SEGBENCH_NEEDS_DATA("tgs_salt");
  core::DataConfig config = default_config("tgs_salt", data_folder() / "tgs_salt");
  config.params["mask_values"] = {0, 255};
  const AuditReport report = audit(config);
  ASSERT_TRUE(report.refused());
  EXPECT_EQ(findings_of(report, "mask_values").size(), 71U);
  const auto overall = findings_of(report, "mask_values_overall");
  ASSERT_EQ(overall.size(), 1U);
  EXPECT_THAT(overall[0].message, HasSubstr("65535"));
  EXPECT_EQ(overall[0].remedy, "set mask_values = [0, 65535]");
}

TEST(CarvanaKind, ReadsGifMasksAndKnowsTheCars) {
  SEGBENCH_NEEDS_DATA("carvana_layout_standin");
  const core::DataConfig config = default_config("carvana", data_folder() / "carvana_layout_standin");
  const Catalogue catalogue = open_catalogue(config);
  EXPECT_TRUE(catalogue.findings.empty());
  ASSERT_EQ(catalogue.samples.size(), 10U);
  std::set<std::string> cars;
  for (const Sample& sample : catalogue.samples) {
    EXPECT_EQ(sample.mask_file, "train_masks/" + sample.id + "_mask.gif");
    cars.insert(sample.group);
  }
  EXPECT_THAT(cars, ElementsAre("Abyssinian", "Bengal", "american_bulldog"));
  EXPECT_THAT(stored_pixels(config, "all"), ElementsAre(257223, 126777, 0));
}

TEST(Dsb2018Kind, UnitesTheMasksOfTheNuclei) {
  SEGBENCH_NEEDS_DATA("dsb2018");
  for (const char* below : {"dsb2018", "dsb2018/stage1_train"}) {
    const core::DataConfig config = default_config("dsb2018", data_folder() / below);
    const Catalogue catalogue = open_catalogue(config);
    ASSERT_EQ(catalogue.samples.size(), 8U);
    std::size_t masks = 0;
    for (const Sample& sample : catalogue.samples) masks += sample.object_masks.size();
    EXPECT_EQ(masks, 111U);
    EXPECT_THAT(stored_pixels(config, "all"), ElementsAre(539341, 65395, 0));
  }
}

}  // namespace
}  // namespace segbench::data
