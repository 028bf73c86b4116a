// SPDX-License-Identifier: MIT
#include "harness/data/codecs/output_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "harness/data/codecs/image_file.h"
#include "harness/data/export.h"
#include "tests/data/fixtures.h"
#include "tests/support/temporary_folder.h"

namespace segbench::data {
namespace {

using segbench::tests::TemporaryFolder;
using testing::HasSubstr;

std::string output_problem(const OutputPlan& plan) {
  try {
    check_outputs(plan);
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "";
}

TEST(OutputFiles, AreNeverInputsNorTheDataNorForeign) {
  const TemporaryFolder folder;
  tests::write_pairs(folder / "set", 2);
  const auto image = folder / "set/images/p00.png", mask = folder / "set/masks/p00.png";
  EXPECT_THAT(output_problem({.files = {image}, .inputs = {image}, .data_root = {}}), HasSubstr("an input"));
  EXPECT_THAT(output_problem({.files = {mask}, .inputs = {image}, .data_root = folder / "set"}),
              HasSubstr("belongs to the data set"));
  EXPECT_THAT(
      output_problem({.files = {folder / "set/images/new.png"}, .inputs = {}, .data_root = folder / "set"}),
      HasSubstr("would become a file of the data set"));
  EXPECT_EQ(
      output_problem({.files = {folder / "set/out/new.png"}, .inputs = {}, .data_root = folder / "set"}), "");
  tests::write_text(folder / "out/a.png", "mine");
  for (const bool force : {false, true}) {
    EXPECT_THAT(
        output_problem({.files = {folder / "out/a.png"}, .inputs = {}, .data_root = {}, .force = force}),
        HasSubstr("Segbench did not write it"));
    EXPECT_NE(output_problem({.files = {mask}, .inputs = {}, .data_root = folder / "set", .force = force}),
              "");
  }
  EXPECT_THAT(
      output_problem({.files = {folder / "out/b.png", folder / "out/b.png"}, .inputs = {}, .data_root = {}}),
      HasSubstr("two results"));
}

TEST(OutputFiles, AreNotAllNamedWhereAFolderOfThemIsInTheWay) {
  const TemporaryFolder folder;
  OutputPlan plan{.files = {}, .inputs = {}, .data_root = {}};
  for (int i = 0; i < 30; ++i) {
    plan.files.push_back(folder / ("a" + std::to_string(i) + ".png"));
    tests::write_text(plan.files.back(), "mine");
  }
  const std::string problem = output_problem(plan);
  EXPECT_THAT(problem, HasSubstr("a9.png"));
  EXPECT_THAT(problem, testing::Not(HasSubstr("a10.png")));
  EXPECT_THAT(problem, HasSubstr("likewise 20 further files"));
}

TEST(OutputFiles, OfSegbenchAreReplacedByForce) {
  const TemporaryFolder folder;
  write_png(folder / "a.png", {1, 1, 1, {7}});
  EXPECT_TRUE(is_own_output(folder / "a.png"));
  EXPECT_THAT(output_problem({.files = {folder / "a.png"}, .inputs = {}, .data_root = {}}),
              HasSubstr("--force"));
  EXPECT_EQ(output_problem({.files = {folder / "a.png"}, .inputs = {}, .data_root = {}, .force = true}), "");
}

TEST(Export, NeverOverwritesAndNeverMapsTwoSamplesToOneName) {
  const TemporaryFolder folder;
  tests::write_pairs(folder / "set/train", 3, 2, 8, 12, 0);
  tests::write_pairs(folder / "set/test", 3, 2, 8, 12, 50);
  const core::DataConfig config = tests::folders_config(folder / "set");
  std::int64_t written = 0;
  export_samples(config, folder / "out", {}, written);
  EXPECT_GT(written, 0);
  EXPECT_THROW(export_samples(config, folder / "out", {}, written), core::UserError);
  export_samples(config, folder / "out", {.split = {}, .limit = {}, .force = true}, written);
  EXPECT_THROW(export_samples(config, folder / "set", {}, written), core::UserError);
}

}  // namespace
}  // namespace segbench::data
