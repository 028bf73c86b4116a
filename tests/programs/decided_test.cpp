// SPDX-License-Identifier: MIT
// Seeds are added until it is decided which variant is best, as a user does it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "harness/core/files.h"
#include "harness/core/looks.h"
#include "harness/trial/looks_log.h"
#include "tests/programs/workspace.h"

namespace segbench::tests {
namespace {

using core::Json;
using testing::HasSubstr, testing::Not;

/// A network that learns, and two whose learning rates leave them what they are: they are told apart soon.
std::string decided_study(const std::string& name) {
  return "schema = 1\nname = \"" + name + R"("
[data]
kind = "shapes"
resolution = [32, 32]
train_images = 24
selection_images = 5
test_images = 8
[model]
architecture = "unet"
size = "small"
width = 0.0625
[training]
epochs = 3
batch_size = 4
batch_norm_statistics = "precise"
select_by = "loss"
loss = "cross_entropy"
optimizer = { name = "adam", learning_rate = 0.02 }
[trials]
count = 5
until = "decided"
look_every = 1
[run]
threads = 1
[[variant]]
label = "learns"
[[variant]]
label = "stays"
training = { optimizer = { name = "adam", learning_rate = 1e-9 } }
)";
}

std::size_t looks_in(const Workspace& workspace, const std::string& study) {
  return trial::read_looks(workspace.path() / "runs" / study).looks.size();
}

TEST(UntilDecided, StopsWithWhatIsEnoughAndSaysSo) {
  const Workspace workspace;
  workspace.write("study.toml", decided_study("decided"));
  EXPECT_THAT(workspace.segbench({"plan", "study.toml"}).err, HasSubstr("the next look is after 3 seeds"));
  const ProcessResult run = workspace.segbench({"run", "study.toml"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.err, HasSubstr("stays can no longer win"));
  const trial::LooksLog log = trial::read_looks(workspace.path() / "runs/decided");
  EXPECT_EQ(log.defect, "");
  ASSERT_FALSE(log.looks.empty());
  EXPECT_TRUE(log.looks.back().at("decided").get<bool>());
  const auto seeds = log.looks.back().at("seeds").get<std::size_t>();
  EXPECT_LT(seeds, 5u);
  EXPECT_EQ(workspace.trials("decided").size(), 2 * seeds) << "nothing else was trained";

  const ProcessResult status = workspace.segbench({"status", "decided", "--format", "json"});
  EXPECT_EQ(Json::parse(status.out).size(), 2 * seeds);
  EXPECT_THAT(status.err, HasSubstr("decided after " + std::to_string(seeds) + " of at most 5 seeds"));
  EXPECT_THAT(workspace.segbench({"plan", "study.toml"}).err, HasSubstr("0 trials to run"));
  const ProcessResult compare = workspace.segbench({"compare", "decided"});
  EXPECT_THAT(compare.err, HasSubstr("Better: learns has the lowest mean loss"));
  EXPECT_THAT(compare.err, HasSubstr("It was decided after"));

  // Again: nothing is trained and nothing is decided anew.
  const ProcessResult again = workspace.segbench({"run", "study.toml"});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_EQ(looks_in(workspace, "decided"), log.looks.size());
  // The store made anew from the folders says the same.
  workspace.segbench({"import", "--rebuild"});
  EXPECT_EQ(workspace.segbench({"compare", "decided"}).err, compare.err);

  // Another margin would have decided otherwise.
  workspace.write("study.toml", "margin = 0.5\n" + decided_study("decided"));
  const ProcessResult edited = workspace.segbench({"run", "study.toml"});
  EXPECT_EQ(edited.exit_code, 2);
  EXPECT_THAT(edited.err, HasSubstr("another form of this study"));
  // A record that was changed is not relied on.
  const std::filesystem::path file = workspace.path() / "runs/decided" / core::kLooksFile;
  std::string text = core::read_file(file);
  text.replace(text.find("\"decided\":true"), 14, "\"decided\":null");
  core::write_file_atomically(file, text);
  workspace.write("study.toml", decided_study("decided"));
  EXPECT_THAT(workspace.segbench({"run", "study.toml"}).err, HasSubstr("cannot be relied on"));
}

TEST(UntilDecided, DecidesTheSameAfterAKill) {
  const Workspace whole, killed;
  for (const Workspace* workspace : {&whole, &killed})
    workspace->write("study.toml", decided_study("decided"));
  ASSERT_EQ(whole.segbench({"run", "study.toml"}).exit_code, 0);
  for (const int milliseconds : {400, 900, 1800}) {
    Process process(killed.command({"run", "study.toml"}), killed.path());
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    process.signal(SIGKILL);
    process.wait();
  }
  ASSERT_EQ(killed.segbench({"run", "study.toml"}).exit_code, 0);
  const auto decisions = [](const Workspace& workspace) {
    Json looks = trial::read_looks(workspace.path() / "runs/decided").looks;
    for (Json& look : looks) {
      for (const char* key : {"time", "chain", "seq"}) look.erase(key);
    }
    return looks;
  };
  EXPECT_EQ(decisions(killed), decisions(whole));
}

}  // namespace
}  // namespace segbench::tests
