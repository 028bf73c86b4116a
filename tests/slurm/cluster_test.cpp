// SPDX-License-Identifier: MIT
// Studies on a real Slurm: a slurmctld and two slurmd of the tests' own, on loopback.
#include "tests/slurm/cluster.h"

#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <thread>

#include "harness/core/files.h"
#include "harness/core/json.h"
#include "harness/core/trial.h"
#include "harness/trial/event_log.h"
#include "harness/trial/standing.h"

namespace segbench::tests {
namespace {

using core::Json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kNotInstalled =
    "SKIPPED: Slurm is not installed: apt-get install --no-install-recommends slurmctld slurmd slurm-client";

/// Long enough that its trials, of seconds each, can be disturbed.
std::string slow_study(const std::string& name = "tiny") {
  return tiny_study(name, 150);
}

class ClusterTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (Cluster::is_installed()) shared_ = std::make_unique<Cluster>();
  }
  static void TearDownTestSuite() { shared_.reset(); }
  void SetUp() override {
    if (!Cluster::is_installed()) GTEST_SKIP() << kNotInstalled;
    cluster_ = shared_.get();
  }
  void TearDown() override {
    if (cluster_ == nullptr) return;
    cluster_->call({"scancel", "-u", std::to_string(::getuid())});
    becomes_true([&] { return cluster_->call({"squeue", "-h"}).empty(); }, 60);
  }

  ProcessResult segbench(std::vector<std::string> arguments, Environment further = {}) const {
    Environment environment = cluster_->environment();
    environment.insert(environment.end(), further.begin(), further.end());
    return workspace_.segbench(std::move(arguments), environment);
  }
  /// `segbench submit tiny.toml …` that works; sets the names of the jobs.
  void submit(std::vector<std::string> further = {}) {
    std::vector<std::string> arguments = {"--format", "json", "submit", "tiny.toml",
                                          "--cpus",   "1",    "--set",  "run.checkpoint_seconds=0"};
    arguments.insert(arguments.end(), further.begin(), further.end());
    const ProcessResult result = segbench(arguments);
    ASSERT_EQ(result.exit_code, 0) << result.err;
    const Json row = Json::parse(result.out).at(0);
    array_ = row.at("array_job");
    finish_ = row.at("finish_job");
    folder_ = row.at("folder").get<std::string>();
  }
  std::string task(int index) const { return array_ + "_" + std::to_string(index); }
  bool is_over(const std::string& job, int seconds = 120) const {
    return becomes_true(
        [&] {
          const std::string state = cluster_->state(job);
          return state.empty() || state == "COMPLETED" || state == "FAILED" || state == "CANCELLED";
        },
        seconds);
  }
  bool runs(const std::string& job, int seconds = 60) const {
    return becomes_true([&] { return cluster_->state(job) == "RUNNING"; }, seconds);
  }
  /// Whether some trial of the task is being trained and has done an epoch since this attempt at it began.
  bool is_in_the_middle(int index) const {
    for (const std::string& id : ids_of(index)) {
      const auto folder = workspace_.path() / "runs/tiny/trials" / id;
      const std::vector<trial::AttemptRecord> attempts = trial::read_attempts(folder).attempts;
      if (attempts.empty() || attempts.back().status) continue;
      const std::vector<Json> events = trial::read_event_log(folder / core::kEventsFile).events;
      const auto epoch = std::find_if(events.rbegin(), events.rend(),
                                      [](const Json& event) { return event.at("type") == "epoch"; });
      if (epoch != events.rend() && epoch->at("time").get<std::string>() > attempts.back().started)
        return true;
    }
    return false;
  }
  bool gets_to_the_middle(int index) const {
    return becomes_true([&] { return is_in_the_middle(index); }, 60);
  }
  std::vector<std::string> ids_of(int index) const {
    std::vector<std::string> ids;
    const Json tasks = Json::parse(core::read_file(folder_ / "tasks.json"));
    for (const Json& trial : tasks.at("tasks").at(static_cast<std::size_t>(index)))
      ids.push_back(trial.at("trial"));
    return ids;
  }
  std::size_t count(core::TrialStatus status) const {
    std::size_t n = 0;
    for (const auto& trial : workspace_.trials("tiny"))
      n += trial::read_trial_standing(trial).status == status;
    return n;
  }
  /// What an undisturbed run computes, once for all tests.
  static std::map<std::string, std::vector<std::string>> undisturbed(const std::string& study) {
    static std::map<std::string, std::map<std::string, std::vector<std::string>>> known;
    auto& events = known[study];
    if (!events.empty()) return events;
    const Workspace alone;
    alone.write("tiny.toml", study);
    if (alone.segbench({"run", "tiny.toml", "--jobs", "2"}).exit_code == 0) {
      for (const auto& trial : alone.trials("tiny")) events[trial.filename()] = computed_events(trial);
    }
    return events;
  }
  /// Every trial is complete with the events, weights' hashes included, of an undisturbed run; none was begun
  /// anew, and no event is there twice.
  void expect_undisturbed(const std::string& study) const {
    EXPECT_EQ(count(core::TrialStatus::kComplete), 4u);
    const auto expected = undisturbed(study);
    for (const auto& trial : workspace_.trials("tiny"))
      EXPECT_EQ(computed_events(trial), expected.at(trial.filename())) << trial;
  }

  static std::unique_ptr<Cluster> shared_;
  const Cluster* cluster_ = nullptr;
  Workspace workspace_;
  std::string array_, finish_;
  std::filesystem::path folder_;
};

std::unique_ptr<Cluster> ClusterTest::shared_;

TEST_F(ClusterTest, AStudyIsTrainedStoppedAtALimitAndReported) {
  workspace_.write("tiny.toml", slow_study());
  submit({"--pack", "2"});
  ASSERT_TRUE(gets_to_the_middle(0));
  EXPECT_FALSE(std::filesystem::exists(workspace_.path() / "runs/results.sqlite")) << "tasks open no store";
  EXPECT_THAT(segbench({"status", "tiny", "--format", "csv"}).out, HasSubstr(task(0) + " running on n"));
  cluster_->call({"scancel", "-s", "USR2", "-b", task(0)});
  ASSERT_TRUE(becomes_true([&] { return cluster_->field(task(0), "Restarts") == "1"; }, 60));
  EXPECT_TRUE(is_over(finish_, 180));
  const std::string log = core::read_file(folder_ / "task-0.log");
  EXPECT_THAT(log, HasSubstr("time was almost up; Slurm starts " + task(0) + " again"));
  EXPECT_THAT(log, HasSubstr("task 0: ")) << "the log of before is kept";
  expect_undisturbed(slow_study());
  EXPECT_TRUE(std::filesystem::exists(workspace_.path() / "runs/tiny/report/index.html"))
      << core::read_file(folder_ / "finish.log");
  EXPECT_TRUE(std::filesystem::exists(workspace_.path() / "runs/results.sqlite"));
  const ProcessResult again = segbench({"submit", "tiny.toml", "--set", "run.checkpoint_seconds=0"});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_THAT(again.err, HasSubstr("nothing is left to submit"));
}

TEST_F(ClusterTest, TenRequeuesByTheClusterKeepEveryCheckpoint) {
  const std::string longer = tiny_study("tiny", 600);  // it outlasts them
  workspace_.write("tiny.toml", longer);
  submit({"--pack", "4"});
  for (int round = 1; round <= 10; ++round) {
    ASSERT_TRUE(gets_to_the_middle(0));
    cluster_->call({"scontrol", "requeue", task(0)});
    ASSERT_TRUE(becomes_true([&] { return cluster_->state(task(0)) == "PENDING"; }, 30));
    std::size_t checkpoints = 0;
    for (const auto& trial : workspace_.trials("tiny"))
      checkpoints += std::filesystem::exists(trial / core::kCheckpointFile);
    EXPECT_GE(checkpoints, 1u) << "round " << round;
    EXPECT_EQ(count(core::TrialStatus::kFailed), 0u);
    ASSERT_TRUE(runs(task(0)));
  }
  EXPECT_TRUE(is_over(finish_, 300));
  EXPECT_EQ(cluster_->field(task(0), "Restarts"), "10");
  expect_undisturbed(longer);
}

TEST_F(ClusterTest, ACancelledStudyStaysCancelledUntilItIsSubmittedAgain) {
  workspace_.write("tiny.toml", slow_study());
  submit({"--pack", "2", "--max-running", "1"});
  ASSERT_TRUE(gets_to_the_middle(0));
  const ProcessResult twice = segbench({"submit", "tiny.toml", "--set", "run.checkpoint_seconds=0"});
  EXPECT_THAT(twice.err, HasSubstr("4 trials are in the queue already"));
  EXPECT_THAT(twice.err, HasSubstr("nothing is left to submit"));
  const ProcessResult cancelled = segbench({"cancel", "tiny"});
  EXPECT_EQ(cancelled.exit_code, 0) << cancelled.err;
  EXPECT_EQ(cancelled.out, array_ + "\n");
  ASSERT_TRUE(is_over(finish_));
  EXPECT_THAT(core::read_file(folder_ / "finish.log"),
              HasSubstr("of cancelled tasks; segbench submit goes on"));
  EXPECT_THAT(cluster_->call({"squeue", "-h"}), IsEmpty())
      << "no task comes back, and nothing new was submitted";
  EXPECT_GE(count(core::TrialStatus::kInterrupted), 1u);
  EXPECT_EQ(count(core::TrialStatus::kFailed), 0u);
  std::size_t complete = count(core::TrialStatus::kComplete);
  submit();
  EXPECT_EQ(ids_of(0).size(), 4 - complete);
  EXPECT_EQ(folder_.filename(), "2");
  EXPECT_TRUE(is_over(finish_, 180));
  expect_undisturbed(slow_study());
}

TEST_F(ClusterTest, ACancelBySlurmItselfIsUnderstood) {
  workspace_.write("tiny.toml", slow_study());
  submit({"--pack", "4"});
  ASSERT_TRUE(gets_to_the_middle(0));
  cluster_->call({"scancel", array_});
  ASSERT_TRUE(is_over(finish_));
  EXPECT_THAT(cluster_->call({"squeue", "-h"}), IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(folder_.parent_path() / "2"));
}

TEST_F(ClusterTest, WhereSlurmDoesNotRequeueTheFinishingJobSubmitsTheRest) {
  workspace_.write("tiny.toml", slow_study());
  submit({"--pack", "4", "--sbatch=--no-requeue"});
  ASSERT_TRUE(gets_to_the_middle(0));
  cluster_->call({"scancel", "-s", "USR2", "-b", task(0)});
  ASSERT_TRUE(is_over(finish_));
  EXPECT_THAT(core::read_file(folder_ / "task-0.log"), HasSubstr("Slurm does not start the task again"));
  ASSERT_TRUE(std::filesystem::exists(folder_.parent_path() / "2/submission.json"))
      << core::read_file(folder_ / "finish.log");
  const Json second = Json::parse(core::read_file(folder_.parent_path() / "2/submission.json"));
  EXPECT_EQ(second.at("round"), 2);
  ASSERT_TRUE(is_over(second.at("finish_job"), 180));
  expect_undisturbed(slow_study());
}

TEST_F(ClusterTest, APreemptedTaskComesBack) {
  workspace_.write("tiny.toml", slow_study());
  submit({"--pack", "4", "--sbatch=--nodelist=n1"});
  ASSERT_TRUE(gets_to_the_middle(0));
  const std::string urgent = cluster_->call({"sbatch", "--parsable", "-p", "urgent", "--nodelist=n1", "-c2",
                                             "--mem=7000", "-o", "/dev/null", "--wrap=sleep 2"});
  ASSERT_TRUE(is_over(urgent.substr(0, urgent.find('\n')), 90));
  EXPECT_TRUE(is_over(finish_, 240));
  EXPECT_EQ(cluster_->field(task(0), "Restarts"), "1");
  expect_undisturbed(slow_study());
}

TEST_F(ClusterTest, ATaskSubmitsOthersWithoutPassingItselfOn) {
  workspace_.write("tiny.toml", tiny_study("tiny", 1));
  const std::string script = (workspace_.path() / "outer.sh").string();
  workspace_.write("outer.sh", "#!/bin/bash\ncd '" + workspace_.path().string() + "' && " +
                                   workspace_.command({"submit", "tiny.toml", "--cpus", "1"})[0] +
                                   " submit tiny.toml --cpus 1 --pack 2 > submitted.txt 2>&1\n");
  const std::string outer = cluster_->call({"sbatch", "--parsable", "--array=5-5", "-c1", "--mem=500", "-o",
                                            (workspace_.path() / "outer.log").string(), script});
  ASSERT_TRUE(is_over(outer.substr(0, outer.find('\n')) + "_5"));
  const auto folder = workspace_.path() / "runs/tiny/submit/1";
  ASSERT_TRUE(std::filesystem::exists(folder / "submission.json"))
      << core::read_file(workspace_.path() / "submitted.txt");
  const Json submission = Json::parse(core::read_file(folder / "submission.json"));
  EXPECT_TRUE(is_over(submission.at("finish_job"), 180));
  EXPECT_EQ(count(core::TrialStatus::kComplete), 4u);
  for (const char* file : {"task-0.log", "task-1.log"})
    EXPECT_TRUE(std::filesystem::exists(folder / file)) << file;
}

TEST_F(ClusterTest, ADryRunAndARefusalLeaveNothing) {
  workspace_.write("tiny.toml", tiny_study("tiny", 1));
  const ProcessResult dry = segbench({"submit", "tiny.toml", "--pack", "1", "--dry-run", "--format", "csv"});
  EXPECT_EQ(dry.exit_code, 0) << dry.err;
  EXPECT_THAT(dry.err, HasSubstr("sbatch --parsable"));
  EXPECT_THAT(dry.err, HasSubstr("--array=0-3 "));
  EXPECT_EQ(std::count(dry.out.begin(), dry.out.end(), '\n'), 5);
  const ProcessResult nowhere = segbench({"submit", "tiny.toml", "--partition", "nowhere"});
  EXPECT_EQ(nowhere.exit_code, 2);
  EXPECT_THAT(nowhere.err, HasSubstr("nowhere"));
  const ProcessResult large = segbench({"submit", "tiny.toml", "--cpus", "3"});
  EXPECT_EQ(large.exit_code, 2);
  EXPECT_THAT(large.err, HasSubstr("node configuration is not available"));
  EXPECT_FALSE(std::filesystem::exists(workspace_.path() / "runs"));
  EXPECT_THAT(cluster_->call({"squeue", "-h"}), IsEmpty());
}

TEST_F(ClusterTest, ASubmissionThatIsRefusedHalfWayLeavesNothing) {
  workspace_.write("tiny.toml", tiny_study("tiny", 1));
  // An sbatch that refuses the second job: the array is submitted, the finishing job is not.
  std::filesystem::create_directories(workspace_.path() / "bin");
  const auto wrapper = workspace_.path() / "bin/sbatch";
  workspace_.write(
      "bin/sbatch",
      "#!/bin/bash\nfor word in \"$@\"; do case $word in --dependency=*) echo 'sbatch: no more jobs' >&2; "
      "exit 1;; esac; done\nexec /usr/bin/sbatch \"$@\"\n");
  std::filesystem::permissions(wrapper, std::filesystem::perms::owner_all);
  const ProcessResult refused = segbench({"submit", "tiny.toml", "--cpus", "1"},
                                         {{"PATH", wrapper.parent_path().string() + ":/usr/bin:/bin"}});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("sbatch: no more jobs"));
  EXPECT_TRUE(becomes_true([&] { return cluster_->call({"squeue", "-h"}).empty(); }, 30));
  EXPECT_FALSE(std::filesystem::exists(workspace_.path() / "runs/tiny/submit/1"));
}

TEST_F(ClusterTest, WorkersGetTheirCpusAndGpuAndWhatASetupLoads) {
  std::filesystem::create_directories(workspace_.path() / "a b");
  workspace_.write("a b/tiny.toml", tiny_study("v1.2", 1));
  workspace_.write("a b/setup.sh", "export LOADED='by setup'\n");
  const auto fake = workspace_.path() / "a b/worker";
  workspace_.write("a b/worker",
                   "#!/bin/bash\n[ \"$1\" = environment ] && { echo '{}'; exit; }\necho \"$@ "
                   "gpu=$CUDA_VISIBLE_DEVICES $LOADED\" >> \"$(dirname \"$0\")/called.txt\"\nexit 1\n");
  std::filesystem::permissions(fake, std::filesystem::perms::owner_all);
  const ProcessResult result = segbench({"--runs", "a b/50% runs", "submit", "a b/tiny.toml", "--gpus", "1",
                                         "--cpus", "1", "--setup", "a b/setup.sh", "--format", "json"},
                                        {{"SEGBENCH_WORKER", fake.string()}});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json row = Json::parse(result.out).at(0);
  EXPECT_TRUE(is_over(row.at("finish_job")));
  ASSERT_TRUE(std::filesystem::exists(workspace_.path() / "a b/called.txt"))
      << core::read_file(row.at("folder").get<std::string>() + "/task-0.log");
  const std::string called = core::read_file(workspace_.path() / "a b/called.txt");
  EXPECT_THAT(called, testing::ContainsRegex("--threads 1 .*gpu=[01] by setup"));
}

/// A worker that trains nothing, but says in called.txt beside it what it was called with.
std::string write_fake_worker(const Workspace& workspace) {
  workspace.write(
      "worker",
      "#!/bin/bash\n[ \"$1\" = environment ] && { echo '{}'; exit; }\n"
      "echo \"$@ gpu=$CUDA_VISIBLE_DEVICES\" >> \"$(dirname \"$0\")/called.txt\"\nsleep 1\nexit 1\n");
  const auto fake = workspace.path() / "worker";
  std::filesystem::permissions(fake, std::filesystem::perms::owner_all);
  return fake.string();
}

TEST_F(ClusterTest, ATaskDividesItsTrialsAmongItsGpus) {
  workspace_.write("tiny.toml", tiny_study("tiny", 1));
  const ProcessResult result = segbench(
      {"submit", "tiny.toml", "--gpus", "2", "--jobs", "2", "--cpus", "2", "--pack", "4", "--format", "json"},
      {{"SEGBENCH_WORKER", write_fake_worker(workspace_)}});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json row = Json::parse(result.out).at(0);
  EXPECT_TRUE(is_over(row.at("finish_job")));
  const std::string called = core::read_file(workspace_.path() / "called.txt");
  EXPECT_THAT(called, testing::ContainsRegex("--device cuda:0 .*--threads 1 .*gpu=0\n")) << called;
  EXPECT_THAT(called, testing::ContainsRegex("--device cuda:0 .*--threads 1 .*gpu=1\n")) << called;
}

TEST_F(ClusterTest, ALostNodeLosesNothing) {
  workspace_.write("tiny.toml", tiny_study("tiny", 600));
  submit({"--pack", "4"});
  ASSERT_TRUE(gets_to_the_middle(0));
  const std::string node = cluster_->field(task(0), "BatchHost");
  const std::string pid_file = (cluster_->path() / "cluster/run" / ("slurmd." + node + ".pid")).string();
  ::kill(static_cast<pid_t>(std::stol(core::read_file(pid_file))), SIGKILL);
  // The cluster takes the node for lost and starts the task on the other one; the old process lives on.
  ASSERT_TRUE(becomes_true([&] { return cluster_->field(task(0), "Restarts") == "1"; }, 90));
  ASSERT_TRUE(becomes_true(
      [&] {
        const std::string log = core::read_file(folder_ / "task-0.log");
        return log.find("still run by process") != std::string::npos ||
               count(core::TrialStatus::kComplete) > 0;
      },
      90));
  // What one of the two has when the other one ends is submitted again, so it may take a second round.
  EXPECT_TRUE(becomes_true([&] { return count(core::TrialStatus::kComplete) == 4; }, 500));
  for (const auto& trial : workspace_.trials("tiny")) {
    std::int64_t seq = 0;
    for (const Json& event : trial::read_event_log(trial / core::kEventsFile).events)
      ASSERT_EQ(event.at("seq"), seq++);
  }
  expect_undisturbed(tiny_study("tiny", 600));
  cluster_->call({"/bin/bash", "-c", "PATH=$PATH:/usr/sbin slurmd -N " + node});
  EXPECT_TRUE(becomes_true(
      [&] {
        return cluster_->call({"sinfo", "-h", "-t", "idle", "-o", "%D"}) == "2\n";
      },
      60));
}

TEST(SmallCluster, AnArrayIsNoLongerThanItMayBe) {
  if (!Cluster::is_installed()) GTEST_SKIP() << kNotInstalled;
  const Cluster cluster({"MaxArraySize=3"});
  const Workspace workspace;
  workspace.write("tiny.toml", tiny_study("tiny", 1));
  const ProcessResult result = workspace.segbench({"submit", "tiny.toml", "--cpus", "1", "--pack", "1",
                                                   "--format", "json", "--set", "trials.seeds=[1,2,3,4,5]"},
                                                  cluster.environment());
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json row = Json::parse(result.out).at(0);
  EXPECT_LE(row.at("tasks"), 3);
  EXPECT_EQ(row.at("trials"), 10);
  const std::string finish = row.at("finish_job");
  EXPECT_TRUE(becomes_true([&] { return cluster.state(finish) == "COMPLETED"; }, 180));
  for (const auto& trial : workspace.trials("tiny"))
    EXPECT_EQ(trial::read_trial_standing(trial).status, core::TrialStatus::kComplete);
}

TEST(OtherEngines, RunTheTasksOfAFolder) {
  const Workspace workspace;
  workspace.write("tiny.toml", tiny_study("tiny", 1));
  const ProcessResult none = workspace.segbench({"submit", "tiny.toml", "--engine", "none", "--pack", "3"});
  ASSERT_EQ(none.exit_code, 0) << none.err;
  const std::string loop = none.out.substr(0, none.out.find('\n'));
  const ProcessResult ran = run_process({"/bin/bash", "-c", loop}, workspace.path());
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  for (const auto& trial : workspace.trials("tiny"))
    EXPECT_EQ(trial::read_trial_standing(trial).status, core::TrialStatus::kComplete);
  const ProcessResult absent = workspace.segbench({"task", "runs/tiny/submit/1", "2"});
  EXPECT_EQ(absent.exit_code, 2);
  EXPECT_THAT(absent.err, HasSubstr("there is no task 2; there are 2, from 0 to 1"));
}

TEST(OtherEngines, ATaskUsesTheGpusThatItWasGivenOneATrial) {
  const Workspace workspace;
  workspace.write("tiny.toml", tiny_study("tiny", 1));
  const Environment worker = {{"SEGBENCH_WORKER", write_fake_worker(workspace)}};
  ASSERT_EQ(workspace.segbench({"submit", "tiny.toml", "--engine", "none", "--jobs", "2"}, worker).exit_code,
            0);
  Environment given = worker;
  given.insert(given.end(), {{"CUDA_VISIBLE_DEVICES", "2,5"}, {"SLURM_JOB_ID", "7"}});
  const ProcessResult task = workspace.segbench({"task", "runs/tiny/submit/1", "0"}, given);
  EXPECT_EQ(task.exit_code, 1) << task.err;
  std::map<std::string, std::size_t> uses;
  std::istringstream lines(core::read_file(workspace.path() / "called.txt"));
  for (std::string line; std::getline(lines, line);) ++uses[line.substr(line.find("gpu="))];
  EXPECT_EQ(uses.size(), 2u);
  EXPECT_GE(uses["gpu=2"], 2u) << "of four trials";
  EXPECT_GE(uses["gpu=5"], 2u);
}

TEST(OtherEngines, ATaskGivesATrialAGpuForEachOfItsProcesses) {
  const Workspace workspace;
  workspace.write("tiny.toml", tiny_study("tiny", 1));
  const Environment worker = {{"SEGBENCH_WORKER", write_fake_worker(workspace)}};
  ASSERT_EQ(workspace
                .segbench({"submit", "tiny.toml", "--engine", "none", "--gpus", "4", "--set",
                           "training.processes=2", "--set", "training.batch_size=4", "--pack", "4"},
                          worker)
                .exit_code,
            0);
  const Json submission =
      Json::parse(core::read_file(workspace.path() / "runs/tiny/submit/1/submission.json"));
  EXPECT_EQ(submission.at("jobs"), 2);
  EXPECT_EQ(submission.at("needs").at("cpus"), 4) << "one for each process";
  Environment given = worker;
  given.insert(given.end(), {{"CUDA_VISIBLE_DEVICES", "2,5,6,7"}, {"SLURM_JOB_ID", "7"}});
  EXPECT_EQ(workspace.segbench({"task", "runs/tiny/submit/1", "0"}, given).exit_code, 1);
  std::map<std::string, std::size_t> uses;
  std::istringstream lines(core::read_file(workspace.path() / "called.txt"));
  for (std::string line; std::getline(lines, line);) {
    EXPECT_THAT(line, HasSubstr("--threads 2 "));
    ++uses[line.substr(line.find("gpu="))];
  }
  EXPECT_EQ(uses.size(), 2u);
  EXPECT_EQ(uses["gpu=2,5"] + uses["gpu=6,7"], 4u) << "four trials, two at a time";
}

TEST(OtherEngines, ATaskMakesRoomAndGoesOn) {
  const Workspace workspace;
  workspace.write("tiny.toml", slow_study());
  ASSERT_EQ(
      workspace.segbench({"submit", "tiny.toml", "--engine", "none", "--set", "run.checkpoint_seconds=0"})
          .exit_code,
      0);
  Process first(workspace.command({"task", "runs/tiny/submit/1", "0"}), workspace.path());
  const auto is_training = [&] {
    for (const auto& trial : workspace.trials("tiny")) {
      if (trial::read_log_text(trial).find("\"type\":\"epoch\"") != std::string::npos) return true;
    }
    return false;
  };
  ASSERT_TRUE(becomes_true(is_training, 60));
  first.signal(SIGUSR2);
  EXPECT_EQ(first.wait().exit_code, 75);
  EXPECT_EQ(workspace.segbench({"task", "runs/tiny/submit/1", "0"}).exit_code, 0);
  EXPECT_EQ(workspace.segbench({"task", "runs/tiny/submit/1", "0"}).exit_code, 0) << "nothing is left";
}

}  // namespace
}  // namespace segbench::tests
