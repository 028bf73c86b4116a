// SPDX-License-Identifier: MIT
// An ensemble from the experiment file to the leaderboard, with the built programs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/trial.h"
#include "tests/programs/workspace.h"

namespace segbench::tests {
namespace {

using testing::HasSubstr;

TEST(EnsembleStudy, StandsBesideItsMembers) {
  const Workspace workspace;
  std::string text = tiny_study("both", 1);
  text = text.substr(0, text.find("[matrix]")) + kTwoAndTheirMean + R"([[ensemble]]
label = "a, two seeds"
variants = ["a"]
seeds = 2
)";
  workspace.write("both.toml", text);
  const ProcessResult run = workspace.segbench({"run", "both.toml", "-j", "2", "--report"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, testing::Not(HasSubstr("missing"))) << "an ensemble leaves no weights";
  const ProcessResult compared = workspace.segbench({"compare", "both", "--format", "json"});
  ASSERT_EQ(compared.exit_code, 0) << compared.err;
  const core::Json rows = core::Json::parse(compared.out);
  ASSERT_EQ(rows.size(), 4U);
  std::map<std::string, core::Json> trials;
  for (const core::Json& row : rows) trials[row.at("variant")] = row.at("n");
  EXPECT_EQ(trials["both"], 2);
  EXPECT_EQ(trials["a, two seeds"], 1) << "both seeds make one ensemble";
  std::string ensemble;
  for (const auto& trial : workspace.trials("both")) {
    if (!core::read_trial_spec(trial / core::kTrialFile).variant.ensemble.empty()) ensemble = trial;
  }
  ASSERT_EQ(workspace.segbench({"data", "export", "both.toml", "exported"}).exit_code, 0);
  std::string image;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(workspace.path() / "exported")) {
    if (image.empty() && entry.path().extension() == ".png") image = entry.path();
  }
  const ProcessResult predicted =
      workspace.segbench({"predict", ensemble, image, "-o", "out", "--device", "cpu", "--probabilities"});
  EXPECT_EQ(predicted.exit_code, 0) << predicted.err;
  const ProcessResult again = workspace.segbench({"run", "both.toml"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
}

}  // namespace
}  // namespace segbench::tests
