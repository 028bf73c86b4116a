// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "harness/data/data_set.h"
#include "harness/data/kinds/list_file.h"
#include "harness/data/kinds/name_match.h"
#include "tests/data/fixtures.h"
#include "tests/support/oracles.h"
#include "tests/support/temporary_folder.h"

// Lists and layouts: what is read, what is refused with its cause, and that nothing is left out silently.

namespace segbench::data {
namespace {

using segbench::tests::TemporaryFolder;
using testing::ElementsAre, testing::HasSubstr, testing::Not, testing::IsEmpty;
using tests::findings_of, tests::folders_config, tests::text_of, tests::write_text;
namespace fs = std::filesystem;

fs::path shared_case(const std::string& name) {
  return segbench::tests::data_folder().parent_path() / "cases" / name / "data";
}

#define SEGBENCH_NEEDS_CASE(name)     \
  if (!fs::exists(shared_case(name))) \
  GTEST_SKIP() << "SKIPPED: no case at " << shared_case(name) << " (set SEGBENCH_DATA)"

core::DataConfig config_of_case(const std::string& name, const core::Json& params = {}) {
  core::DataConfig config = folders_config(shared_case(name));
  config.resolution = std::array<std::int64_t, 2>{64, 64};
  if (!params.is_null()) config.params.update(params);
  return config;
}

/// A pair of its own at root/images/<name>.png and root/masks/<name>.png.
void write_pair(const fs::path& root, const std::string& image, const std::string& mask) {
  static std::uint32_t seed = 1000;
  fs::create_directories((root / image).parent_path());
  fs::create_directories((root / mask).parent_path());
  tests::write_picture(root / image, 8, 12, seed++);
  tests::write_mask(root / mask, 8, 12, {0, 1});
}

std::vector<std::string> ids_of(const core::DataConfig& config, const std::string& split) {
  const Catalogue catalogue = open_catalogue(config);
  std::vector<std::string> ids;
  for (const std::int64_t i : catalogue.official_splits.at(split))
    ids.push_back(catalogue.samples[static_cast<std::size_t>(i)].id);
  return ids;
}

TEST(ListFile, ReadsTextOfAnySystem) {
  EXPECT_EQ(list_text("a\r\nb\rc\n"), "a\nb\nc\n");
  EXPECT_EQ(list_text(std::string("\xFF\xFE"
                                  "a\0\r\0\n\0\xE9\0",
                                  10)),
            "a\n\xC3\xA9");
  EXPECT_EQ(list_text(std::string("\xFE\xFF\0a\0\n\xD8\x3D\xDE\x00", 10)), "a\n\xF0\x9F\x98\x80");
  EXPECT_EQ(list_text(std::string("i\0m\0\n\0", 6)), "im\n") << "no byte order mark";
  EXPECT_EQ(list_text("\xEF\xBB\xBFx"), "x");
  EXPECT_THROW(list_text(std::string("PK\x03\x04\0\0\0\0xyz", 11)), core::UserError);
}

TEST(ListFile, TriesTheWholeLineBeforeItsColumns) {
  ListLine line{.number = 1, .text = "scan 01.png masks/scan.png", .words = {}, .comment = false};
  std::vector<std::string> names;
  for (const ListEntry& entry : entries_of(line)) names.push_back(entry.name + "|" + entry.partner);
  EXPECT_THAT(names, ElementsAre("scan 01.png masks/scan.png|", "scan|01.png"));
  line.text = "a b.png\tc d.png";
  EXPECT_EQ(entries_of(line)[1].name, "a b.png");
  EXPECT_EQ(entries_of(line)[1].partner, "c d.png");
  EXPECT_THAT(names_of_entry("C:\\data\\x\\im1.png"), testing::Contains("im1"));
  EXPECT_THAT(names_of_entry("images/a.b/c.png"), testing::IsSupersetOf({"a.b/c", "c", "c.png"}));
}

TEST(NameMatch, TellsWhatTwoNamesDifferIn) {
  EXPECT_EQ(only_difference("a", "a"), "");
  EXPECT_EQ(only_difference("a", "b"), "");
  EXPECT_THAT(only_difference("IMG_1", "img_1"), HasSubstr("upper and lower case"));
  EXPECT_THAT(only_difference("caf\xC3\xA9", "cafe\xCC\x81"), HasSubstr("NFC and NFD"));
  EXPECT_THAT(only_difference("\xEA\xB0\x80", "\xE1\x84\x80\xE1\x85\xA1"), HasSubstr("NFC and NFD"));
  EXPECT_EQ(only_difference("caf\xC3\xA9", "caf\xC3\xA8"), "") << "another letter";
}

TEST(NameMatch, FindsSuffixesByTryingThem) {
  EXPECT_EQ(find_suffixes({"a", "b"}, {"a_mask", "b_mask"}, false), (Suffixes{"", "_mask"}));
  EXPECT_EQ(find_suffixes({"a_0000", "a_0001", "b_0000", "b_0001"}, {"a", "b"}, false),
            (Suffixes{"_0000", ""}));
  EXPECT_EQ(find_suffixes({"a_img", "b_img"}, {"a_seg", "b_seg"}, false), (Suffixes{"_img", "_seg"}));
  EXPECT_EQ(find_suffixes({"a", "a-gt", "b", "b-gt"}, {"a", "a-gt", "b", "b-gt"}, true),
            (Suffixes{"", "-gt"}));
  EXPECT_EQ(find_suffixes({"a", "b"}, {"a_mask", "c_mask"}, false), std::nullopt) << "not all pair";
  EXPECT_EQ(find_suffixes({"x", "y"}, {"a", "b"}, false), std::nullopt);
}

TEST(Lists, NameFilesWithBlanksHashesAndColumns) {
  const TemporaryFolder folder;
  const fs::path root = folder.path();
  for (const char* name : {"p", "p copy", "#7", "q", "r"})
    write_pair(root, fmt::format("images/{}.png", name), fmt::format("masks/{}.png", name));
  write_pair(root, "images/odd.png", "masks/other.png");
  write_text(root / "train.txt", "# a comment\np copy.png\n#7.png\n\"q.png\"\nodd.png other.png\n");
  write_text(root / "val.txt", "C:\\data\\images\\p.png\r\n");
  write_text(root / "test.txt", "R.png\n");
  const core::DataConfig config = folders_config(root);
  EXPECT_THAT(ids_of(config, "train"), ElementsAre("#7", "odd", "p copy", "q"));
  EXPECT_THAT(ids_of(config, "val"), ElementsAre("p"));
  const AuditReport report = audit(config);
  EXPECT_THAT(text_of(report),
              HasSubstr("no image for \"R.png\"; images/r.png differs only in upper and lower case"));
  EXPECT_THAT(text_of(report), Not(HasSubstr("a comment")));
}

TEST(Lists, DoNotGuessWhichFolderALineMeans) {
  const TemporaryFolder folder;
  const fs::path root = folder.path();
  for (const char* name : {"a/x", "b/x", "b/y"})
    write_pair(root, fmt::format("images/{}.png", name), fmt::format("masks/{}.png", name));
  write_text(root / "train.txt", "b/x.png\ny.png\n");
  core::DataConfig config = folders_config(root);
  config.params["images"] = "images/**", config.params["masks"] = "masks/**";
  EXPECT_THAT(ids_of(config, "train"), ElementsAre("b/x", "b/y"));
  write_text(root / "train.txt", "x.png\ny.png\n");
  const AuditReport report = audit(config);
  ASSERT_EQ(findings_of(report, "ambiguous").size(), 1U) << text_of(report);
  EXPECT_EQ(findings_of(report, "ambiguous")[0].file, "train.txt:1");
  EXPECT_THAT(findings_of(report, "ambiguous")[0].message,
              HasSubstr("\"x.png\" may be 2 images: images/a/x.png, images/b/x.png"));
}

TEST(Lists, LeaveOutNothingSilently) {
  const TemporaryFolder folder;
  const fs::path root = folder.path();
  tests::write_pairs(root, 16);
  write_text(root / "train.txt", "p00\np01\np02\np03\n");
  write_text(root / "val.txt", "p04\np05\n");
  write_text(root / "test.txt", "p06\np07\n");
  fs::remove(root / "masks/p15.png");
  const AuditReport report = audit(folders_config(root));
  EXPECT_FALSE(report.refused()) << text_of(report);
  ASSERT_EQ(findings_of(report, "unlisted").size(), 1U) << text_of(report);
  EXPECT_THAT(
      findings_of(report, "unlisted")[0].message,
      HasSubstr("8 images that no list in use names (test.txt, train.txt, val.txt), not used: "
                "images/p08.png, images/p09.png, images/p10.png, images/p11.png, images/p12.png and 3 more"));
}

TEST(Lists, ATestListAloneIsKeptOutOfTraining) {
  const TemporaryFolder folder;
  tests::write_pairs(folder.path(), 30);
  write_text(folder.path() / "test.txt", "p00\np01\np02\np03\np04\n");
  const AuditReport report = audit(folders_config(folder.path()));
  EXPECT_FALSE(report.refused()) << text_of(report);
  EXPECT_THAT(report.splits.test, ElementsAre(0, 1, 2, 3, 4));
  EXPECT_EQ(report.splits.train.size() + report.splits.selection.size(), 25U);
  for (const std::int64_t sample : report.splits.train) EXPECT_GT(sample, 4);
}

TEST(Layouts, TellOtherTypesAndSubfolders) {
  const TemporaryFolder folder;
  const fs::path root = folder.path();
  tests::write_pairs(root, 20);
  write_text(root / "images/x0.npy", "\x93NUMPY");
  write_text(root / "images/Thumbs.db", "x");
  write_pair(root, "images/more/a.png", "masks/more/a.png");
  AuditReport report = audit(folders_config(root));
  EXPECT_FALSE(report.refused());
  EXPECT_THAT(text_of(report),
              HasSubstr("one file of another type than those that are read, not used: x0.npy"));
  EXPECT_THAT(text_of(report), HasSubstr("one image in subfolders, not used: more/a.png"));
  EXPECT_THAT(text_of(report), HasSubstr("images/**"));
  core::DataConfig below = folders_config(root);
  below.params["images"] = "images/**", below.params["masks"] = "masks/**";
  report = audit(below);
  EXPECT_THAT(text_of(report), Not(HasSubstr("subfolders")));
  EXPECT_THAT(ids_of(below, "all"), testing::Contains("more/a"));
  EXPECT_EQ(ids_of(below, "all").size(), 21U);
}

TEST(Layouts, LinksThatLeadBackAreNotFollowed) {
  const TemporaryFolder folder;
  const fs::path root = folder.path();
  for (const char* name : {"a/x", "b/y"})
    write_pair(root, fmt::format("images/{}.png", name), fmt::format("masks/{}.png", name));
  fs::create_directory_symlink(root / "images", root / "images/a/again");
  write_pair(root, "elsewhere/z.png", "masks/linked/z.png");
  fs::create_directory_symlink(root / "elsewhere", root / "images/linked");
  core::DataConfig config = folders_config(root);
  config.params["images"] = "images/**", config.params["masks"] = "masks/**";
  EXPECT_THAT(ids_of(config, "all"), ElementsAre("a/x", "b/y", "linked/z"));
  EXPECT_TRUE(open_catalogue(config).findings.empty());
}

TEST(Layouts, SplitsMayLieBelowTheFolders) {
  const TemporaryFolder folder;
  for (const auto& [split, count] : {std::pair("train", 8), {"val", 5}, {"test", 5}, {"extra", 1}}) {
    for (int i = 0; i < count; ++i)
      write_pair(folder.path(), fmt::format("img_dir/{}/{}.png", split, i),
                 fmt::format("ann_dir/{}/{}.png", split, i));
  }
  core::DataConfig config = folders_config(folder.path());
  EXPECT_THAT(text_of(audit(config)), HasSubstr("images = \"img_dir\"\nmasks = \"ann_dir\""));
  config.params["images"] = "img_dir", config.params["masks"] = "ann_dir";
  const AuditReport report = audit(config);
  EXPECT_FALSE(report.refused()) << text_of(report);
  EXPECT_EQ(report.splits.train.size(), 8U);
  EXPECT_EQ(report.splits.test.size(), 5U);
  EXPECT_THAT(text_of(report), HasSubstr("folders of images that no split takes, not used: extra"));
}

TEST(Layouts, SuffixesOfImagesAreTakenOffAndOthersTold) {
  const TemporaryFolder folder;
  for (int i = 0; i < 20; ++i) {
    write_pair(folder.path(), fmt::format("imagesTr/c{:02}_0000.png", i),
               fmt::format("labelsTr/c{:02}.png", i));
    tests::write_picture(folder.path() / fmt::format("imagesTr/c{:02}_0001.png", i), 8, 12,
                         500U + static_cast<unsigned>(i));
  }
  core::DataConfig config = folders_config(folder.path());
  EXPECT_THAT(text_of(audit(config)),
              HasSubstr("images = \"imagesTr\"\nmasks = \"labelsTr\"\nimage_suffix = \"_0000\""));
  config.params["images"] = "imagesTr", config.params["masks"] = "labelsTr";
  EXPECT_THAT(text_of(audit(config)), HasSubstr("40 images and 20 masks do not pair"));
  config.params["image_suffix"] = "_0000";
  const AuditReport report = audit(config);
  EXPECT_FALSE(report.refused()) << text_of(report);
  EXPECT_THAT(text_of(report), HasSubstr("not used: imagesTr/c00_0001.png"));
}

TEST(Layouts, AMissingSuffixIsProposed) {
  const TemporaryFolder folder;
  for (int i = 0; i < 20; ++i)
    write_pair(folder.path(), fmt::format("images/c{:02}.png", i), fmt::format("masks/c{:02}_mask.png", i));
  core::DataConfig config = folders_config(folder.path());
  const AuditReport report = audit(config);
  EXPECT_TRUE(report.refused());
  ASSERT_EQ(findings_of(report, "pairing").size(), 1U) << text_of(report);
  EXPECT_EQ(findings_of(report, "pairing")[0].remedy, "set mask_suffix = \"_mask\"");
  config.params["mask_suffix"] = "_mask";
  EXPECT_FALSE(audit(config).refused());
  config.params["mask_suffix"] = "_msk";
  EXPECT_THAT(text_of(audit(config)), HasSubstr("set mask_suffix = \"_mask\""));
}

TEST(LayoutCases, AreReadOrRefusedWithTheirCause) {
  SEGBENCH_NEEDS_CASE("12-spaces");
  for (const char* name : {"12-spaces", "12c-copies-silent", "11b-utf16", "11c-backslash"}) {
    const AuditReport report = audit(config_of_case(name));
    EXPECT_FALSE(report.refused()) << name << text_of(report);
    EXPECT_GE(report.splits.train.size(), 7U) << name;
  }
  for (const std::string& id : ids_of(config_of_case("12c-copies-silent"), "train"))
    EXPECT_THAT(id, HasSubstr(" copy"));
  EXPECT_THAT(text_of(audit(config_of_case("16-case-stem"))),
              HasSubstr("differ only in upper and lower case"));
  EXPECT_THAT(text_of(audit(config_of_case("17-image-suffix"))), HasSubstr("set image_suffix = \"_0000\""));
  EXPECT_FALSE(audit(config_of_case("17-image-suffix", {{"image_suffix", "_0000"}})).refused());
  EXPECT_THAT(text_of(audit(config_of_case("74-labels-folder"))),
              HasSubstr("images = \"images\"\nmasks = \"labels\""));
  EXPECT_FALSE(audit(config_of_case("74-labels-folder", {{"masks", "labels"}})).refused());
  EXPECT_FALSE(
      audit(config_of_case("53b-mmseg-layout", {{"images", "img_dir"}, {"masks", "ann_dir"}})).refused());
  EXPECT_THAT(text_of(audit(config_of_case("13b-subfolders-part"))),
              HasSubstr("10 images in subfolders, not used: more/im14.png"));
  EXPECT_THAT(
      text_of(audit(config_of_case("15-npy"))),
      HasSubstr("4 files of other types than those that are read, not used: x0.npy, x1.npy, x2.npy, y.heic"));
}

}  // namespace
}  // namespace segbench::data
