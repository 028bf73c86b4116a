// SPDX-License-Identifier: MIT
// Searches from the experiment file to the report, and through kills.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <map>
#include <set>
#include <thread>

#include "harness/core/files.h"
#include "harness/core/random.h"
#include "harness/core/study_file.h"
#include "harness/core/trial.h"
#include "harness/trial/event_log.h"
#include "tests/programs/workspace.h"

namespace segbench::tests {
namespace {

namespace fs = std::filesystem;
using core::Json;
using testing::HasSubstr;

std::string searching_study(const std::string& search) {
  return R"(schema = 1
name = "search"
[data]
kind = "shapes"
resolution = [32, 32]
train_images = 12
selection_images = 5
test_images = 6
[model]
architecture = "unet"
size = "small"
width = 0.0625
batch_norm_momentum = 0.5
[training]
epochs = 9
batch_size = 5
loss = "cross_entropy"
optimizer = { name = "adam", learning_rate = 0.01 }
[trials]
seeds = [1]
[run]
threads = 1
checkpoint_seconds = 0
[search]
)" + search +
         R"(
[search.space]
"training.optimizer.learning_rate" = { log_uniform = [1e-5, 1e-1] }
"training.loss" = { choice = ["cross_entropy", "dice"] }
)";
}

const std::string kHalving = "method = \"halving\"\ntrials = 9\nmin_epochs = 1\nreduction = 3\n";

Json record_of(const Workspace& workspace) {
  return Json::parse(core::read_file(workspace.path() / "runs/search" / core::kSearchFile));
}

/// Epochs that each trial was trained, by variant.
std::map<std::string, std::size_t> epochs_by_variant(const Workspace& workspace) {
  std::map<std::string, std::size_t> epochs;
  for (const fs::path& trial : workspace.trials("search")) {
    std::size_t trained = 0;
    for (const Json& event : trial::read_event_log(trial / core::kEventsFile).events)
      trained += event.at("type") == "epoch" ? 1 : 0;
    epochs[core::read_trial_spec(trial / core::kTrialFile).variant_id] = trained;
  }
  return epochs;
}

TEST(SearchProgram, HalvesKilledOrNotAndOnAnyNumberOfWorkers) {
  const Workspace undisturbed, disturbed;
  undisturbed.write("search.toml", searching_study(kHalving));
  disturbed.write("search.toml", searching_study(kHalving));
  const ProcessResult alone = undisturbed.segbench({"run", "search.toml", "--jobs", "1"});
  ASSERT_EQ(alone.exit_code, 0) << alone.err;
  EXPECT_THAT(alone.err, HasSubstr("paused after epoch 1 of 9"));
  EXPECT_THAT(alone.err, HasSubstr("search: chosen is "));

  core::Stream moments(3, core::Purpose::kOrder);
  int kills = 0;
  for (int round = 0; round < 60; ++round) {
    Process run(disturbed.command({"run", "search.toml", "--jobs", "2"}), disturbed.path());
    const auto moment =
        std::chrono::steady_clock::now() + std::chrono::milliseconds(300 + moments.below(1500));
    while (run.running() && std::chrono::steady_clock::now() < moment)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (round < 6 && run.running()) {
      run.signal(SIGKILL);
      ++kills;
    }
    if (run.wait().exit_code == 0) break;
  }
  EXPECT_GE(kills, 1);
  EXPECT_EQ(record_of(disturbed), record_of(undisturbed)) << "the same scores, promotions and choice";
  EXPECT_EQ(epochs_by_variant(disturbed), epochs_by_variant(undisturbed));
  for (const fs::path& trial : undisturbed.trials("search"))
    EXPECT_EQ(computed_events(disturbed.path() / "runs/search/trials" / trial.filename()),
              computed_events(trial));

  const Json record = record_of(undisturbed);
  EXPECT_EQ(record.at("finished"), true);
  EXPECT_EQ(record.at("rungs"), Json({1, 3, 9}));
  std::set<std::string> promoted;
  for (const Json& promotion : record.at("promotions"))
    if (promotion.at("to_epoch") == 3) promoted.insert(promotion.at("variant").get<std::string>());
  EXPECT_GE(promoted.size(), 3U);
  for (const auto& [variant, epochs] : epochs_by_variant(undisturbed))
    EXPECT_EQ(epochs > 1, promoted.contains(variant)) << "what was not promoted pauses at the first rung";

  const ProcessResult compare = undisturbed.segbench({"compare", "search"});
  EXPECT_THAT(compare.err, HasSubstr("Chosen out of 9 draws"));
  EXPECT_THAT(compare.err, HasSubstr(record.at("chosen").at("label").get<std::string>()));
  ASSERT_EQ(undisturbed.segbench({"report", "search"}).exit_code, 0);
  EXPECT_EQ(undisturbed.segbench({"report", "search", "--check"}).exit_code, 0);
  const Json model = Json::parse(core::read_file(undisturbed.path() / "runs/search/report/model.json"));
  EXPECT_EQ(model.at("search").at("chosen"), record.at("chosen").at("variant"));
  for (std::size_t i = 0; i < 9; ++i)
    EXPECT_EQ(model.at("search").at("draws")[i].at("scores"), record.at("draws")[i].at("scores"));
}

TEST(SearchProgram, ALargerBudgetGoesOn) {
  const Workspace workspace;
  workspace.write("search.toml", searching_study("method = \"sobol\"\ntrials = 4\n"));
  const std::vector<std::string> quick = {"--set", "training.epochs=1"};
  const auto run = [&](std::vector<std::string> more) {
    std::vector<std::string> command = {"run", "search.toml"};
    command.insert(command.end(), quick.begin(), quick.end());
    command.insert(command.end(), more.begin(), more.end());
    return workspace.segbench(command);
  };
  ASSERT_EQ(run({}).exit_code, 0);
  const Json before = record_of(workspace);
  const ProcessResult more = run({"--set", "search.trials=6"});
  ASSERT_EQ(more.exit_code, 0) << more.err;
  EXPECT_THAT(more.err, HasSubstr("2 trials to run, 4 complete"));
  const Json after = record_of(workspace);
  ASSERT_EQ(after.at("draws").size(), 6U);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(after.at("draws")[i], before.at("draws")[i]);
}

TEST(SearchProgram, BeginsNoDrawBeyondItsHours) {
  const Workspace workspace;
  workspace.write("search.toml", searching_study("method = \"random\"\ntrials = 50\nhours = 0.0002\n"));
  const ProcessResult run =
      workspace.segbench({"run", "search.toml", "--set", "training.epochs=1", "--jobs", "1"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const Json record = record_of(workspace);
  EXPECT_EQ(record.at("finished"), true);
  std::size_t scored = 0;
  for (const Json& draw : record.at("draws")) scored += draw.at("scores").size();
  EXPECT_GE(scored, 1U);
  EXPECT_LT(scored, 50U);
  EXPECT_THAT(run.err, HasSubstr("search finished: of 50 draws"));
  ASSERT_EQ(workspace.segbench({"report", "search"}).exit_code, 0);
}

TEST(SearchProgram, IsRefusedWhereTrialsAreHandedOut) {
  const Workspace workspace;
  workspace.write("search.toml", searching_study(kHalving));
  for (const std::vector<std::string>& command : {std::vector<std::string>{"run", "search.toml", "--prepare"},
                                                  {"submit", "search.toml", "--dry-run"}}) {
    const ProcessResult refused = workspace.segbench(command);
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_THAT(refused.err, HasSubstr("decides while it runs"));
  }
  const ProcessResult some = workspace.segbench({"run", "search.toml", "--only", "lr=0.0"});
  EXPECT_EQ(some.exit_code, 2);
  EXPECT_THAT(some.err, HasSubstr("without --only and --seeds"));
}

}  // namespace
}  // namespace segbench::tests
