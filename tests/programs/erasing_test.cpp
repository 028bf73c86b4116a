// SPDX-License-Identifier: MIT
// An augmentation that touches masks, from its experiment file to the trained weights.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "harness/core/files.h"
#include "harness/core/text.h"
#include "harness/core/trial.h"
#include "tests/programs/workspace.h"

namespace segbench::tests {
namespace {

constexpr const char* kStudy = R"toml(
schema = 1
name = "erase"
[data]
kind = "shapes"
resolution = [32, 32]
train_images = 8
selection_images = 2
test_images = 2
[model]
architecture = "unet"
size = "small"
width = 0.125
[training]
epochs = 1
batch_size = 4
loss = "cross_entropy"
optimizer = { name = "sgd", learning_rate = 0.1 }
[trials]
seeds = [1]
[matrix]
"training.optimizer.learning_rate" = [0.1, 0.01]
"training.augment" = [
  [{ name = "erasing", probability = 1.0, area = [1.0, 1.0], aspect = [1.0, 1.0], labels = "kept" }],
  [{ name = "erasing", probability = 1.0, area = [1.0, 1.0], aspect = [1.0, 1.0], labels = "void" }]]
)toml";

// Where whole images are erased and their masks become void, no pixel is left to learn from: the weights do
// not depend on the learning rate. With the masks kept they do.
TEST(Erasing, WithVoidLabelsLeavesNothingToLearnThere) {
  const Workspace workspace;
  workspace.write("erase.toml", kStudy);
  const ProcessResult run = workspace.segbench({"run", "erase.toml"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  std::map<std::string, std::set<std::string>> weights;
  std::map<std::string, bool> has_loss;
  for (const auto& trial : workspace.trials("erase")) {
    const core::Json spec = core::Json::parse(core::read_file(trial / core::kTrialFile));
    const std::string labels = spec.at("variant").at("training").at("augment").at(0).at("labels");
    for (const std::string& line : core::split(core::read_file(trial / core::kEventsFile), '\n')) {
      const core::Json event = core::Json::parse(line, nullptr, false);
      if (!event.is_object()) continue;
      if (event.at("type") == "epoch")
        has_loss[labels] = event.at("loss").is_number() && event.at("loss").get<double>() > 0;
      if (event.at("type") == "finished") weights[labels].insert(event.at("weights_sha256"));
    }
  }
  EXPECT_EQ(weights["void"].size(), 1u);
  EXPECT_EQ(weights["kept"].size(), 2u);
  EXPECT_FALSE(has_loss.at("void"));
  EXPECT_TRUE(has_loss.at("kept"));
}

}  // namespace
}  // namespace segbench::tests
