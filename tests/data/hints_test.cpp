// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/data/audit/mask_hints.h"
#include "harness/data/data_set.h"
#include "harness/data/kinds/catalogue.h"
#include "tests/data/fixtures.h"
#include "tests/support/oracles.h"
#include "tests/support/temporary_folder.h"

// Hints are right when followed: what an audit proposes is set, and then the masks fit.

namespace segbench::data {
namespace {

using segbench::tests::TemporaryFolder;
using testing::ElementsAre, testing::HasSubstr, testing::IsEmpty, testing::SizeIs;
using tests::findings_of, tests::folders_config, tests::text_of;
namespace fs = std::filesystem;

LabelCoding counted(int classes, std::vector<int> voids = {}) {
  LabelCoding coding;
  for (int c = 0; c < classes; ++c) coding.class_values.push_back(c);
  coding.void_values = std::move(voids);
  return coding;
}

MaskHint hint(const std::vector<std::set<int>>& masks, const LabelCoding& coding,
              core::Background background = 0) {
  std::vector<StoredKinds> kinds;
  for (const std::set<int>& values : masks) kinds.push_back({values, {}});
  return mask_hint(kinds, coding, background);
}

TEST(MaskHints, AreFoundByTryingThem) {
  EXPECT_THAT(hint({{0, 255}, {0}}, counted(2)).lines, ElementsAre("mask_values = [0, 255]"));
  EXPECT_THAT(hint({{0, 255}}, counted(2), 1).lines, ElementsAre("mask_values = [255, 0]"));
  EXPECT_THAT(hint({{0, 65535}}, counted(2)).lines, ElementsAre("mask_values = [0, 65535]"));
  EXPECT_THAT(hint({{1, 2}, {3}}, counted(3)).lines, ElementsAre("mask_values = [1, 2, 3]"));
  EXPECT_THAT(hint({{0, 1, 2, 4}}, counted(4)).lines, ElementsAre("mask_values = [0, 1, 2, 4]"));
  EXPECT_THAT(hint({{0, 2, 255}}, counted(3)).lines, ElementsAre("void_values = [255]"));
  EXPECT_THAT(hint({{0, 1}, {1, 255}}, counted(2)).lines, ElementsAre("void_values = [255]"));
  EXPECT_THAT(hint({{0, 1, 2, 3}}, counted(3), std::nullopt).lines,
              ElementsAre("mask_values = [1, 2, 3]", "void_values = [0]"));
  EXPECT_THAT(hint({{0, 1, 2, 3, 255}}, counted(3), std::nullopt).lines,
              ElementsAre("mask_values = [1, 2, 3]", "void_values = [0, 255]"));
  EXPECT_THAT(hint({{0, 1, 2, 3}}, counted(3)).lines, ElementsAre("void_values = [3]"));
  EXPECT_THAT(hint({{1, 2, 3}}, counted(2)).lines, ElementsAre("mask_values = [2, 1]", "void_values = [3]"));
  EXPECT_THAT(
      hint({{0, 1}}, {.class_values = {0, 255}, .void_values = {}, .class_colours = {}, .void_colours = {}})
          .lines,
      ElementsAre("mask_values = [0, 1]"))
      << "masks of one bit";
}

TEST(MaskHints, TellSmoothedMasks) {
  std::set<int> values;
  for (int value = 0; value < 256; value += 3) values.insert(value);
  EXPECT_THAT(hint({values, {0, 255}}, counted(2)).cause, HasSubstr("resized with interpolation"));
  EXPECT_THAT(hint({values, {0, 255}}, counted(2)).lines, IsEmpty());
  StoredKinds colours;
  for (int i = 0; i < 80; ++i) colours.colours.insert(Rgb{static_cast<std::uint8_t>(3 * i), 0, 9});
  LabelCoding coding = counted(2);
  coding.class_colours = {Rgb{0, 0, 9}, Rgb{60, 0, 9}};
  EXPECT_THAT(mask_hint({colours}, coding, 0).cause, HasSubstr("saved with losses"));
}

TEST(MaskHints, TellWhatNoSettingMends) {
  const MaskHint mixed = hint({{0, 1}, {0, 1}, {0, 255}, {0}}, counted(2));
  EXPECT_THAT(mixed.lines, IsEmpty());
  EXPECT_THAT(mixed.cause, HasSubstr("2 store a class as 1, 1 store it as 255"));
  EXPECT_THAT(hint({{0, 38, 147, 220}}, counted(3)).cause, HasSubstr("palette turned to grey"));
  EXPECT_THAT(hint({{0, 3, 77, 99, 120}}, counted(3)).lines, IsEmpty());
  const std::vector<StoredKinds> kinds = {{{0, 1}, {}}, {{}, {{{255, 0, 0}}}}};
  EXPECT_THAT(mask_hint(kinds, counted(2), 0).cause, HasSubstr("1 hold colours, 1 hold grey values"));
}

TEST(MaskHints, OfColoursNeedAnOrderThatIsKnown) {
  const auto of = [](std::set<Rgb> colours, int classes, core::Background background) {
    return mask_hint({{{}, std::move(colours)}}, counted(classes), background);
  };
  EXPECT_THAT(of({{0, 0, 0}, {255, 0, 0}}, 2, 0).lines,
              ElementsAre("class_colours = [\"#000000\", \"#ff0000\"]"));
  EXPECT_THAT(of({{0, 0, 0}, {128, 0, 0}, {0, 128, 0}}, 3, 0).lines,
              ElementsAre("class_colours = [\"#000000\", \"#800000\", \"#008000\"]"));
  EXPECT_THAT(of({{0, 0, 255}, {255, 0, 0}}, 2, 0).lines, IsEmpty());
}

fs::path shared_case_folder(const std::string& name) {
  return segbench::tests::data_folder().parent_path() / "cases" / name / "data";
}

core::DataConfig hint_case(const std::string& name, int classes,
                           const core::Json& params = core::Json::object()) {
  core::DataConfig config = folders_config(shared_case_folder(name), classes);
  config.resolution = std::array<std::int64_t, 2>{64, 64};
  config.params.update(params);
  config.background = 0;
  return config;
}

/// Sets the lines that the audit proposes.
core::DataConfig follow(core::DataConfig config, const AuditReport& report) {
  for (const AuditFinding& finding : findings_of(report, "mask_values_overall")) {
    std::string text = finding.remedy;
    for (std::size_t at = 0; (at = text.find(" = [", at)) != std::string::npos;) {
      const std::size_t begin = text.find_last_of(" \n", at - 1) + 1, end = text.find(']', at);
      config.params[text.substr(begin, at - begin)] = core::Json::parse(text.substr(at + 3, end - at - 2));
      at = end;
    }
  }
  return config;
}

TEST(HintCases, AreMendedByWhatIsProposed) {
  if (!fs::exists(shared_case_folder("51d-0124")))
    GTEST_SKIP() << "SKIPPED: no shared cases (set SEGBENCH_DATA)";
  core::DataConfig gap = hint_case("51d-0124", 4), zero = hint_case("51e-zero-void", 3);
  zero.background = std::nullopt;
  const core::DataConfig bits = hint_case("51a-01-vs-0255", 2, {{"mask_values", {0, 255}}});
  for (const core::DataConfig& config : {gap, zero, bits}) {
    const AuditReport report = audit(config);
    EXPECT_TRUE(report.refused());
    ASSERT_THAT(findings_of(report, "mask_values_overall"), SizeIs(1));
    EXPECT_THAT(findings_of(audit(follow(config, report)), "mask_values"), IsEmpty())
        << findings_of(report, "mask_values_overall")[0].remedy;
  }
  const AuditReport vanished = audit(hint_case("26-vanish", 2));
  ASSERT_THAT(findings_of(vanished, "vanished_class"), SizeIs(1)) << text_of(vanished);
  EXPECT_THAT(text_of(vanished), HasSubstr("before, 0 after"));
  EXPECT_THAT(text_of(vanished), testing::Not(HasSubstr("no pixel of any split")));
  const AuditReport alpha = audit(hint_case("28-alpha-mask", 2, {{"mask_values", {0, 255}}}));
  EXPECT_TRUE(alpha.refused());
  EXPECT_THAT(text_of(alpha), HasSubstr("14 masks are drawn in the alpha channel"));
  const AuditReport selection = audit(hint_case("65-selection-empty2", 2));
  EXPECT_FALSE(selection.refused()) << text_of(selection);
  ASSERT_THAT(findings_of(selection, "undefined_selection"), SizeIs(1)) << text_of(selection);
  EXPECT_THAT(findings_of(selection, "undefined_selection")[0].remedy,
              HasSubstr("training.select = \"last\""));
}

TEST(Audit, ProposesASplitThatIsLargeEnough) {
  const TemporaryFolder folder;
  tests::write_pairs(folder.path(), 8);
  core::DataConfig config = folders_config(folder.path());
  AuditReport report = audit(config);
  ASSERT_TRUE(report.refused());
  EXPECT_THAT(text_of(report), HasSubstr("set splits.selection = 0.19"));
  config.selection = config.test = {.official = {}, .fraction = 0.19};
  report = audit(config);
  EXPECT_FALSE(report.refused()) << text_of(report);
}

}  // namespace
}  // namespace segbench::data
