// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>

#include "harness/core/files.h"
#include "harness/slurm/submit.h"
#include "tests/cli/run_command.h"
#include "tests/support/fake_trials.h"
#include "tests/support/temporary_folder.h"

namespace segbench::tests {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr, testing::Not, testing::StartsWith;

class StatusCommand : public testing::Test {
 protected:
  StatusCommand() { ::setenv("COLUMNS", "240", 1); }
  ~StatusCommand() override { ::unsetenv("COLUMNS"); }

  fs::path runs() const { return folder_ / "runs"; }
  CommandOutput status(std::vector<std::string> arguments, const std::string& format = "table") const {
    arguments.insert(arguments.begin(), "status");
    return run_command(cli::add_status, {runs(), format, 0}, arguments);
  }
  /// A study of `variants` x 10 trials that are complete but for those that `change` changes.
  template <typename Change>
  std::vector<FakeTrial> write(std::size_t variants, Change change) const {
    std::vector<FakeTrial> trials;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      for (std::size_t v = 0; v < variants; ++v) {
        FakeTrial trial;
        trial.label = "net" + std::to_string(v);
        trial.seed = seed;
        trial.images = 1;
        trial.epochs = 1;
        change(v, trial);
        trials.push_back(trial);
      }
    }
    write_fake_study(runs(), trials);
    return trials;
  }

  TemporaryFolder folder_;
};

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST_F(StatusCommand, ListsEveryTrialOfASmallStudy) {
  write(5, [](std::size_t, FakeTrial&) {});
  const CommandOutput table = status({});
  EXPECT_EQ(lines(table.out), 52u) << table.out;  // two of headings
  EXPECT_EQ(table.err, "sizes: 50 trials: 50 complete\n");
}

TEST_F(StatusCommand, TellsPausedTrialsOfASearchFromInterruptedOnes) {
  write(1, [](std::size_t, FakeTrial& trial) {
    if (trial.seed == 1) trial.end = "interrupted";
    if (trial.seed > 7) trial.end = "paused";
  });
  std::vector<FakeTrial> later = fake_trials({"tiny"}, {1});
  later[0].study = "later";
  write_fake_study(runs(), later);
  const core::Json studies = status({}, "json").json();
  ASSERT_EQ(studies.size(), 2u) << studies;
  const core::Json& sizes = studies[studies[0].at("study") == "sizes" ? 0 : 1];
  EXPECT_EQ(sizes.at("complete"), 6);
  EXPECT_EQ(sizes.at("interrupted"), 1);
  EXPECT_EQ(sizes.at("paused"), 3);
  std::map<std::string, int> counts;
  const core::Json rows = status({"sizes"}, "json").json();
  for (const core::Json& trial : rows) ++counts[trial.at("status").get<std::string>()];
  EXPECT_EQ(counts, (std::map<std::string, int>{{"complete", 6}, {"interrupted", 1}, {"paused", 3}}));
}

TEST_F(StatusCommand, TellsPausedTrialsOfManyApartToo) {
  write(6, [](std::size_t v, FakeTrial& trial) {
    if (v == 2 && trial.seed > 7) trial.end = "paused";
    if (v == 3 && trial.seed == 1) trial.end = "interrupted";
  });
  const CommandOutput table = status({});
  EXPECT_THAT(table.out, testing::ContainsRegex("pending +paused"));
  EXPECT_THAT(table.out, testing::ContainsRegex("net2 +10 +7 +0 +0 +0 +0 +3"));
  EXPECT_THAT(table.out, testing::ContainsRegex("net3 +10 +9 +0 +0 +1 +0 +0"));
}

TEST_F(StatusCommand, SaysOfManyTrialsHowFarVariantsAreAndWhatToLookAt) {
  write(6, [](std::size_t v, FakeTrial& trial) {
    if (v == 1 && trial.seed == 3) trial.end = "out_of_memory";
    if (v == 2 && trial.seed > 4) trial.end = "pending";
    if (v == 4 && trial.seed == 9) trial.end = "interrupted";
  });
  const CommandOutput table = status({});
  EXPECT_THAT(table.out, StartsWith("variant"));
  EXPECT_THAT(table.out, testing::ContainsRegex("net0 +10 +10 +0 +0 +0 +0"));
  EXPECT_THAT(table.out, testing::ContainsRegex("net1 +10 +9 +0 +1 +0 +0"));
  EXPECT_THAT(table.out, testing::ContainsRegex("net2 +10 +4 +0 +0 +0 +6"));
  EXPECT_THAT(table.out, testing::ContainsRegex("net1 +3 +failed +out_of_memory"));
  EXPECT_THAT(table.out, testing::ContainsRegex("net4 +9 +interrupted"));
  EXPECT_EQ(lines(table.out), 8u + 1u + 4u) << table.out;
  EXPECT_THAT(table.err, HasSubstr("sizes: 60 trials: 52 complete, 1 failed, 1 interrupted, 6 pending\n"));
  EXPECT_THAT(table.err, HasSubstr("--all lists every trial"));
  const CommandOutput all = status({"--all"});
  EXPECT_EQ(lines(all.out), 62u);
  EXPECT_THAT(all.err, Not(HasSubstr("--all")));
  EXPECT_EQ(status({}, "json").json().size(), 60u);
  EXPECT_EQ(lines(status({}, "csv").out), 61u);
}

TEST_F(StatusCommand, LeavesOutVariantsThatNothingIsBeingDoneAbout) {
  write(60, [](std::size_t v, FakeTrial& trial) {
    if (v == 7 && trial.seed > 5) trial.end = "pending";
    if (v >= 50) trial.end = v == 55 && trial.seed == 1 ? "error" : "pending";
  });
  const CommandOutput table = status({});
  EXPECT_THAT(table.out, testing::ContainsRegex("net7 +10 +5 "));
  EXPECT_THAT(table.out, testing::ContainsRegex("net55 +10 +0 +0 +1 +0 +9"));
  EXPECT_THAT(table.out, HasSubstr("\n60 variants; not shown: 49 complete, 9 not begun\n"));
  EXPECT_THAT(table.out, Not(HasSubstr("net8 ")));
  EXPECT_EQ(lines(table.out), 4u + 1u + 1u + 3u) << table.out;
}

TEST_F(StatusCommand, ShowsNoMoreThanFitsWhereMuchIsToBeLookedAt) {
  write(30, [](std::size_t, FakeTrial& trial) { trial.end = trial.seed < 5 ? "error" : "complete"; });
  const CommandOutput table = status({});
  EXPECT_LE(lines(table.out), 50u);
  EXPECT_THAT(table.out, testing::ContainsRegex("\n30 variants; not shown: 9 under way\n"));
  EXPECT_THAT(table.out, HasSubstr("\n99 more trials to look at\n"));
}

/// A squeue of the test's own, first in the PATH.
class StatusOnACluster : public StatusCommand {
 protected:
  void SetUp() override {
    path_ = std::getenv("PATH");
    ::setenv("PATH", ((folder_ / "bin").string() + ":" + path_).c_str(), 1);
  }
  void TearDown() override { ::setenv("PATH", path_.c_str(), 1); }
  void answer_with(const std::string& queue) const {
    fs::create_directories(folder_ / "bin");
    std::ofstream(folder_ / "queue.txt") << queue;
    const fs::path program = folder_ / "bin/squeue";
    std::ofstream(program) << "#!/bin/sh\necho \"$@\" >> '" << (folder_ / "calls.txt").string() << "'\ncat '"
                           << (folder_ / "queue.txt").string() << "'\n";
    fs::permissions(program, fs::perms::owner_all);
  }
  std::size_t calls() const {
    return fs::exists(folder_ / "calls.txt") ? lines(core::read_file(folder_ / "calls.txt")) : 0;
  }
  /// Each trial a task of its own, in their order.
  slurm::Submission submit(const std::vector<FakeTrial>& trials, const std::string& job) const {
    slurm::Submission submission{
        .folder = slurm::next_folder(runs() / "sizes"), .study = "sizes", .created = "now"};
    for (const FakeTrial& trial : trials) submission.tasks.push_back({{fake_trial_id(trial), 60, 0}});
    submission.array_job = job;
    slurm::write_folder(submission);
    return submission;
  }

  std::string path_;
};

TEST_F(StatusOnACluster, AsksTheQueueOnceForThousandsOfTasks) {
  const std::vector<FakeTrial> trials = write(300, [](std::size_t v, FakeTrial& trial) {
    if (v >= 2) trial.end = "pending";
  });
  submit(trials, "11");
  std::string queue;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    if (trials[i].end == "pending")
      queue += fmt::format("11|{}|{}\n", i, i < 300 ? "RUNNING|None|n1" : "PENDING|Priority|");
  }
  answer_with(queue);
  const CommandOutput json = status({}, "json");
  EXPECT_EQ(json.error, "");
  EXPECT_EQ(calls(), 1u);
  std::map<std::string, std::size_t> tasks;
  for (const core::Json& row : json.json()) {
    const std::string task = row.at("task");
    ++tasks[task.substr(std::min(task.find(' '), task.size()))];
  }
  EXPECT_EQ(tasks.at(""), 20u) << "of complete trials nothing is said";
  EXPECT_EQ(tasks.at(" running on n1"), 298u);
  EXPECT_EQ(tasks.at(" queued (Priority)"), 2682u);
  EXPECT_THAT(json.err, HasSubstr("sizes: tasks: 298 running, 2682 queued\n"));
}

TEST_F(StatusOnACluster, DoesNotAskWhereEveryTrialHasEnded) {
  const std::vector<FakeTrial> trials = write(2, [](std::size_t v, FakeTrial& trial) {
    if (v == 1) trial.end = "error";
  });
  submit(trials, "11");
  answer_with("");
  EXPECT_EQ(status({}).err, "sizes: 20 trials: 10 complete, 10 failed\n");
  EXPECT_EQ(calls(), 0u);
}

TEST_F(StatusOnACluster, TellsWhichTasksAreLostAndLetsTheLastSubmissionSpeak) {
  std::vector<FakeTrial> trials = write(6, [](std::size_t, FakeTrial& trial) { trial.end = "pending"; });
  submit({trials[0], trials[1], trials[2]}, "11");
  submit({trials[1]}, "12");
  answer_with("11|2|PENDING|Resources|\n12|0|COMPLETING|None|n2\n");
  const CommandOutput table = status({});
  EXPECT_THAT(table.err, HasSubstr("sizes: tasks: 1 running, 1 queued, 1 lost\n"));
  EXPECT_THAT(table.out, HasSubstr("11_0 lost: ")) << "the trial to look at: " << table.out;
  EXPECT_THAT(table.out, Not(HasSubstr("11_1"))) << "task 0 of 12 has its trial now";
  const CommandOutput csv = status({}, "csv");
  EXPECT_THAT(csv.out, HasSubstr("12_0 COMPLETING on n2"));
  EXPECT_THAT(csv.out, HasSubstr("11_2 queued (Resources)"));
}

TEST_F(StatusOnACluster, GoesOnWithoutAQueueThatDoesNotAnswer) {
  const std::vector<FakeTrial> trials =
      write(1, [](std::size_t, FakeTrial& trial) { trial.end = "pending"; });
  submit(trials, "11");
  answer_with("");
  std::ofstream(folder_ / "bin/squeue")
      << "#!/bin/sh\necho 'slurm_load_jobs error: Unable to contact' >&2\nexit 1\n";
  const CommandOutput table = status({});
  EXPECT_THAT(table.err,
              HasSubstr("note: the queue cannot be asked: slurm_load_jobs error: Unable to contact"));
  EXPECT_EQ(lines(table.out), 12u);
}

}  // namespace
}  // namespace segbench::tests
