// SPDX-License-Identifier: MIT
// Experiment files that `segbench init` writes are planned and run.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/files.h"
#include "harness/core/json.h"
#include "tests/programs/workspace.h"

namespace segbench::tests {
namespace {

namespace fs = std::filesystem;
using core::Json;
using testing::HasSubstr;

/// 16 images of the built-in shapes, 64 x 64, in the folder set/images, and their names.
std::vector<std::string> write_images(const Workspace& workspace) {
  const ProcessResult exported = workspace.segbench(
      {"data", "export", "--kind", "shapes", "shapes", "--split", "train", "--limit", "16"});
  EXPECT_EQ(exported.exit_code, 0) << exported.err;
  fs::create_directories(workspace.path() / "set/images");
  std::vector<std::string> names;
  for (int i = 0; i < 16; ++i) {
    names.push_back(fmt::format("train_{:06}", i));
    fs::copy_file(workspace.path() / "shapes/train" / (names.back() + ".png"),
                  workspace.path() / "set/images" / (names.back() + ".png"));
  }
  return names;
}

/// The written file is planned, and its trials, made small, run to their end.
void expect_runs(const Workspace& workspace, const std::string& folder, const std::string& kind) {
  const ProcessResult init = workspace.segbench({"init", folder, "--file", "made.toml", "--name", "made"});
  ASSERT_EQ(init.exit_code, 0) << init.err;
  EXPECT_THAT(init.err, HasSubstr("next: segbench plan made.toml, segbench run made.toml\n"));
  EXPECT_THAT(core::read_file(workspace.path() / "made.toml"), HasSubstr("kind = \"" + kind + "\""));
  const ProcessResult plan = workspace.segbench({"plan", "made.toml"});
  EXPECT_EQ(plan.exit_code, 0) << plan.err;
  EXPECT_EQ(plan.err.find("warning"), std::string::npos) << plan.err;
  const ProcessResult run =
      workspace.segbench({"run", "made.toml", "--set", "trials.count=1", "--set", "training.epochs=1",
                          "--set", "model.width=0.0625", "--set", "training.batch_norm_statistics=precise"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(workspace.trials("made").size(), 2U);
}

TEST(Init, AFileForFoldersRuns) {
  const Workspace workspace;
  ASSERT_EQ(workspace.segbench({"data", "export", "--kind", "shapes", "shapes"}).exit_code, 0);
  expect_runs(workspace, "shapes", "folders");
}

TEST(Init, AFileForCocoAnnotationsRuns) {
  const Workspace workspace;
  Json coco = {{"categories", {{{"id", 1}, {"name", "thing"}}, {{"id", 2}, {"name", "other thing"}}}}};
  for (const std::string& name : write_images(workspace)) {
    const std::size_t id = coco["images"].size();
    const double at = 2.0 * static_cast<double>(id);
    coco["images"].push_back({{"id", id}, {"file_name", name + ".png"}, {"height", 64}, {"width", 64}});
    coco["annotations"].push_back(
        {{"id", 2 * id},
         {"image_id", id},
         {"category_id", 1},
         {"segmentation", {std::vector<double>{at, at, at + 20, at, at + 20, at + 9, at, at + 30}}}});
    coco["annotations"].push_back({{"id", 2 * id + 1},
                                   {"image_id", id},
                                   {"category_id", 2},
                                   {"iscrowd", 1},
                                   {"segmentation", {{"size", {64, 64}}, {"counts", {4000, 96}}}}});
  }
  workspace.write("set/annotations.json", coco.dump());
  expect_runs(workspace, "set", "coco");
}

TEST(Init, AFileForLabelMeAnnotationsRuns) {
  const Workspace workspace;
  double at = 8;
  for (const std::string& name : write_images(workspace)) {
    const auto shape = [](const char* label, const char* type, const Json& points) {
      return Json{{"label", label}, {"shape_type", type}, {"points", points}};
    };
    at += 1.5;
    workspace.write("set/images/" + name + ".json",
                    Json{{"version", "5.4.1"},
                         {"imagePath", name + ".png"},
                         {"imageData", nullptr},
                         {"imageHeight", 64},
                         {"imageWidth", 64},
                         {"shapes",
                          {shape("wheel", "circle", {{at, at}, {at + 7, at}}),
                           shape("road", "linestrip", {{0, 60}, {at, 50}, {63, 55}})}}}
                        .dump());
  }
  expect_runs(workspace, "set", "labelme");
}

}  // namespace
}  // namespace segbench::tests
