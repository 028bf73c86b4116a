// SPDX-License-Identifier: MIT
// Networks with a sigmoid for each class, from a file to predictions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/files.h"
#include "harness/core/json.h"
#include "tests/programs/workspace.h"

namespace segbench::tests {
namespace {

using core::Json;

TEST(SigmoidPerClass, ItsTrialsRunAndPredict) {
  const Workspace workspace;
  std::string study = tiny_study("each", 1);
  study.replace(study.find("loss = \"cross_entropy\""), 22,
                "loss = [{ name = \"binary_cross_entropy\", head = \"sigmoid_per_class\" }, "
                "{ name = \"dice\", head = \"sigmoid_per_class\" }]");
  study.replace(study.find("seeds = [1, 2]"), 14, "seeds = [1]");
  study += "[evaluation]\ntest_time_augmentation = [\"horizontal_flip\"]\n";
  workspace.write("each.toml", study);
  const ProcessResult run = workspace.segbench({"run", "each.toml"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  ASSERT_EQ(workspace.trials("each").size(), 2U);
  ASSERT_EQ(workspace.segbench({"data", "export", "--kind", "shapes", "look", "--limit", "1"}).exit_code, 0);
  const std::string trial = workspace.trials("each").front().filename();
  const ProcessResult predict = workspace.segbench(
      {"predict", trial, "look/test/test_000000.png", "--output", "out", "--probabilities"});
  EXPECT_EQ(predict.exit_code, 0) << predict.err;
}

TEST(SigmoidPerClass, HeadsOfOneLossAgree) {
  const Workspace workspace;
  std::string study = tiny_study("each", 1);
  study.replace(study.find("loss = \"cross_entropy\""), 22,
                "loss = [{ name = \"dice\", head = \"sigmoid_per_class\" }, \"cross_entropy\"]");
  workspace.write("each.toml", study);
  const ProcessResult plan = workspace.segbench({"plan", "each.toml"});
  EXPECT_EQ(plan.exit_code, 2);
  EXPECT_THAT(plan.err, testing::HasSubstr(
                            "has a softmax head, but the terms before it have a sigmoid_per_class head"));
}

}  // namespace
}  // namespace segbench::tests
