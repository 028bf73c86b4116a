// SPDX-License-Identifier: MIT
#include "harness/slurm/submission.h"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <cstdlib>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/safetensors.h"
#include "harness/core/trial.h"
#include "harness/slurm/client.h"
#include "harness/slurm/engines.h"
#include "harness/slurm/limits.h"
#include "harness/slurm/queue.h"
#include "harness/slurm/scripts.h"
#include "harness/slurm/submit.h"
#include "harness/slurm/task_record.h"
#include "tests/support/fake_trials.h"
#include "tests/support/temporary_folder.h"

namespace segbench::slurm {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

Submission example(const std::filesystem::path& folder) {
  Submission s{.folder = folder, .study = "si.zes", .created = "now", .round = 2, .threads = 3, .jobs = 2};
  s.options = {.partition = "gpu",
               .account = "a b",
               .time = "2:00:00",
               .max_running = 4,
               .retry_failed = true,
               .setup = "/x/it's.sh",
               .sbatch = {"--constraint=a100"}};
  s.run.device = "cuda";
  s.needs = {.cpus = 6, .gpus = 1, .memory_bytes = 3 << 20};
  s.held_seconds = 65;
  s.array_job = "12";
  s.cluster = "north";
  s.tasks = {{{"t1", 60, 0}, {"t2", 30, 7}}, {{"t3", 90, 0}}};
  return s;
}

TEST(Submission, IsReadAsItWasWritten) {
  const tests::TemporaryFolder study;
  const Submission written = example(next_folder(study.path()));
  EXPECT_EQ(written.folder.filename(), "1");
  write_folder(written);
  EXPECT_EQ(next_folder(study.path()).filename(), "2");
  ASSERT_THAT(submissions_of(study.path()), SizeIs(1));
  const Submission read = read_submission(study / "submit/1/");
  EXPECT_EQ(read.folder, written.folder);
  EXPECT_EQ(read.options, written.options);
  EXPECT_EQ(read.needs, written.needs);
  EXPECT_EQ(read.tasks, written.tasks);
  EXPECT_EQ(read.study, "si.zes");
  EXPECT_EQ(read.run.device, "cuda");
  EXPECT_EQ(std::tie(read.round, read.threads, read.jobs, read.held_seconds, read.array_job, read.cluster),
            std::tie(written.round, written.threads, written.jobs, written.held_seconds, written.array_job,
                     written.cluster));
  EXPECT_EQ(study_folder_of(read.folder), std::filesystem::path(study.path()));
}

TEST(Submission, IsNotWrittenOverAnother) {
  const tests::TemporaryFolder study;
  Submission first = example(study / "submit/1");
  write_folder(first);
  Submission second = first;
  second.tasks = {{{"t9", 1, 0}}};
  try {
    write_folder(second);
    ADD_FAILURE() << "the queued tasks of the first one would run other trials";
  } catch (const core::UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("another submission has this number"));
  }
  EXPECT_EQ(read_submission(first.folder).tasks, first.tasks);
}

/// A command of Slurm that fails with these words, first in the PATH.
class FailingCommand {
 public:
  FailingCommand(const std::string& name, const std::string& words) : path_(std::getenv("PATH")) {
    core::write_file_atomically(folder_ / name, "#!/bin/sh\necho '" + words + "' >&2\nexit 1\n");
    std::filesystem::permissions(folder_ / name, std::filesystem::perms::owner_all);
    ::setenv("PATH", (folder_.path().string() + ":" + path_).c_str(), 1);
  }
  FailingCommand(const FailingCommand&) = delete;
  FailingCommand& operator=(const FailingCommand&) = delete;
  ~FailingCommand() { ::setenv("PATH", path_.c_str(), 1); }

 private:
  tests::TemporaryFolder folder_;
  std::string path_;
};

TEST(Limits, OfAClusterThatDoesNotAnswerSayWhatElseThereIs) {
  const FailingCommand scontrol("scontrol", "slurm_load_ctl_conf error: Unable to contact");
  try {
    ask_limits("");
    ADD_FAILURE() << "it does not answer";
  } catch (const core::UserError& error) {
    EXPECT_THAT(error.what(),
                HasSubstr("Slurm does not answer: slurm_load_ctl_conf error: Unable to contact"));
    EXPECT_THAT(error.what(), HasSubstr("--engine none"));
    EXPECT_EQ(error.exit_code(), core::kTrialFailed);
  }
}

TEST(Submission, IsNotCalledCancelledWhereSlurmDoesNotCancelIt) {
  const tests::TemporaryFolder study;
  const Submission submission = example(study / "submit/1");
  write_folder(submission);
  const FailingCommand scancel("scancel", "scancel: error: Unable to contact");
  EXPECT_THROW(cancel(submission), core::UserError);
  EXPECT_FALSE(is_cancelled(submission));
}

TEST(Submission, ADamagedFolderIsToldAndLeftOut) {
  const tests::TemporaryFolder study;
  write_folder(example(study / "submit/1"));
  core::write_file_atomically(study / "submit/1/tasks.json", "{}");
  EXPECT_THROW(read_submission(study / "submit/1"), core::UserError);
  EXPECT_THAT(submissions_of(study.path()), IsEmpty());
  EXPECT_EQ(next_folder(study.path()).filename(), "2") << "its number stays taken";
}

TEST(Scripts, NameEverythingThatSlurmHasToKnow) {
  const Submission s = example("/runs/50% of it/submit/1");
  const std::vector<std::string> command = array_command(s, {.most_minutes = 300}, "/x/task.sh");
  for (const char* word :
       {"--array=0-1%4", "--signal=B:USR2@120", "--requeue", "--open-mode=append", "--cpus-per-task=6",
        "--time=2:00:00", "--mem=3M", "--gres=gpu:1", "--partition=gpu", "--account=a b", "--constraint=a100",
        "--output=/runs/50%% of it/submit/1/task-%a.log"})
    EXPECT_THAT(command, Contains(word));
  EXPECT_EQ(command.back(), "/x/task.sh");
  EXPECT_THAT(finish_command(s, {.most_minutes = 10}), Contains("--dependency=afterany:12"));
  EXPECT_THAT(finish_command(s, {.most_minutes = 10}), Contains("--time=10"));
  EXPECT_THAT(finish_command(s, {}), Not(Contains("--gres=gpu:1")));
  const std::string script = task_script(s, "/opt/seg bench");
  EXPECT_THAT(script, HasSubstr("source '/x/it'\\''s.sh' || exit\n"));
  EXPECT_THAT(script,
              HasSubstr("exec '/opt/seg bench' task '/runs/50% of it/submit/1' \"$SLURM_ARRAY_TASK_ID\""));
}

TEST(Scripts, ATaskAsksForOneAndAHalfTimesWhatItTakes) {
  EXPECT_EQ(task_minutes(0, {}), 15);
  EXPECT_EQ(task_minutes(3600, {}), 90);
  EXPECT_EQ(task_minutes(3600, {.most_minutes = 60}), 60);
  Submission s = example("/x");
  s.options.time = "1";
  EXPECT_THAT(array_command(s, {}, ""), Contains("--signal=B:USR2@30"))
      << "the warning comes within the limit";
}

TEST(Limits, AreReadAsSlurmPrintsThem) {
  const Limits limits = parse_config(
      "Configuration data as of 2026\nKillWait                = 5 sec\nMaxArraySize            = 1001\n"
      "SchedulerParameters     = sched_interval=2,max_array_tasks=40,bf_interval=1\n");
  EXPECT_EQ(limits.most_tasks, 40u);
  EXPECT_EQ(limits.kill_wait_seconds, 5);
  EXPECT_EQ(parse_config("MaxArraySize = 4\n").most_tasks, 4u);
  EXPECT_EQ(parse_config("MaxArraySize = 1000001\n").most_tasks, kMostTasks);
  EXPECT_EQ(parse_minutes("30"), 30);
  EXPECT_EQ(parse_minutes("30:01"), 31);
  EXPECT_EQ(parse_minutes("2:00:00"), 120);
  EXPECT_EQ(parse_minutes("1-12"), 36 * 60);
  EXPECT_EQ(parse_minutes("2-00:30:00"), 2 * 24 * 60 + 30);
  for (const char* none : {"UNLIMITED", "infinite", "", "n/a"}) EXPECT_EQ(parse_minutes(none), std::nullopt);
}

TEST(Queue, IsReadTaskByTask) {
  const std::vector<QueuedTask> queue =
      parse_queue("12|0|RUNNING|None|n1\n12|1|PENDING|Resources|\n13|N/A|PENDING|Dependency|\nrubbish\n");
  ASSERT_THAT(queue, SizeIs(3));
  EXPECT_EQ(queue[0], (QueuedTask{"12", 0, "RUNNING", "None", "n1"}));
  EXPECT_EQ(queue[2].index, std::nullopt);
  const Submission s = example("/x");
  EXPECT_EQ(QueueIndex(queue).find(s, 1)->reason, "Resources");
  EXPECT_EQ(QueueIndex(queue).find(s, 2), nullptr);
  EXPECT_TRUE(is_live(queue, s));
  EXPECT_FALSE(is_live(parse_queue("12|0|COMPLETED|None|n1\n13|N/A|PENDING|Dependency|\n"), s));
  EXPECT_THAT(live_trials({s}, parse_queue("12|0|TIMEOUT|None|n1\n12|1|REQUEUED|None|n2\n")),
              ElementsAre("t3"));
}

TEST(Client, KeepsTheVariablesOfAnOuterJobFromSlurm) {
  for (const char* name :
       {"SLURM_ARRAY_TASK_ID", "SLURM_JOB_ID", "SLURM_CPUS_PER_TASK", "SLURM_RESTART_COUNT"})
    EXPECT_TRUE(belongs_to_a_job(name)) << name;
  for (const char* name : {"SLURM_CONF", "SLURM_CLUSTERS", "SBATCH_PARTITION", "PATH"})
    EXPECT_FALSE(belongs_to_a_job(name)) << name;
  EXPECT_EQ(parse_job("12\n").id, "12");
  EXPECT_EQ(parse_job("12;north\n").cluster, "north");
}

TEST(Engines, TellOthersWhatToRun) {
  const tests::TemporaryFolder study;
  Submission s = example(study / "submit/1");
  const std::string loop = loop_text(s, "/bin/segbench");
  EXPECT_THAT(loop,
              HasSubstr("for i in $(seq 0 1); do /bin/segbench task " + s.folder.string() + " $i; done"));
  EXPECT_THAT(loop, HasSubstr("$((LSB_JOBINDEX - 1))"));
  EXPECT_THAT(loop, HasSubstr("-t 1-2"));
  const std::string job = kubernetes_manifest(s, {.image = "me/segbench:1"});
  EXPECT_THAT(job, HasSubstr("name: segbench-si-zes-1\n"));
  EXPECT_THAT(job, HasSubstr("completions: 2\n"));
  EXPECT_THAT(job, HasSubstr("image: \"me/segbench:1\"\n"));
  EXPECT_THAT(job, HasSubstr("limits: {cpu: 6, memory: 3Mi, nvidia.com/gpu: 1}"));
  EXPECT_THAT(job, HasSubstr("mountPath: \"" + study.path().parent_path().string() + "\""));
}

/// A submission of trials in given states, a task each.
class LeftTest : public testing::Test {
 protected:
  Submission submit(const std::vector<std::string>& ends) {
    Submission s{.folder = study_ / "submit/1", .study = "sizes", .created = "now"};
    for (std::size_t i = 0; i < ends.size(); ++i) {
      tests::FakeTrial trial;
      trial.seed = i + 1;
      trial.end = ends[i];
      const auto folder = write_fake_trial(runs_.path(), trial);
      s.tasks.push_back({{folder.filename(), 60, 0}});
    }
    s.array_job = "12";
    write_folder(s);
    return s;
  }
  void checkpoint(const Submission& s, std::size_t task, int updates) {
    core::write_safetensors(study_ / "trials" / s.tasks[task][0].id / core::kCheckpointFile, {},
                            {{"state", core::Json({{"updates", updates}}).dump()}});
  }
  tests::TemporaryFolder runs_;
  std::filesystem::path study_ = runs_.path() / "sizes";
};

TEST_F(LeftTest, WhatGainedSomethingGoesOn) {
  const Submission s = submit({"complete", "interrupted", "interrupted", "crashed"});
  checkpoint(s, 1, 9);
  const Left left =
      what_is_left(s, parse_queue("12|0|COMPLETED|||\n12|1|TIMEOUT|||\n12|2|TIMEOUT|||\n12|3|FAILED|||\n"));
  ASSERT_THAT(left.go_on, SizeIs(1));
  EXPECT_EQ(left.go_on[0], (TaskTrial{s.tasks[1][0].id, 60, 9}));
  EXPECT_THAT(left.reasons, ElementsAre(HasSubstr("1 trial failed"), HasSubstr("gained no step")));
}

TEST_F(LeftTest, WhatWasCancelledStaysSo) {
  Submission s = submit({"interrupted", "interrupted", "pending"});
  checkpoint(s, 0, 9);
  checkpoint(s, 1, 9);
  EXPECT_THAT(what_is_left(s, parse_queue("12|0|CANCELLED|||\n12|1|TIMEOUT|||\n12|2|CANCELLED|||\n")).go_on,
              SizeIs(1));
  record_start(s.folder, 0);
  record_end(s.folder, 0, TaskEnd::kTerminated);
  record_start(s.folder, 1);
  record_end(s.folder, 1, TaskEnd::kTime);
  EXPECT_THAT(what_is_left(s, {}).go_on, SizeIs(1)) << "without the queue, by the tasks' own records";
  core::write_file_atomically(s.folder / kCancelledFile, "");
  EXPECT_THAT(what_is_left(s, {}).go_on, IsEmpty());
}

TEST_F(LeftTest, RoundsEnd) {
  Submission s = submit({"interrupted"});
  checkpoint(s, 0, 9);
  record_start(s.folder, 0);
  EXPECT_THAT(what_is_left(s, {}).go_on, SizeIs(1));
  s.round = s.options.rounds;
  const Left left = what_is_left(s, {});
  EXPECT_THAT(left.go_on, IsEmpty());
  EXPECT_THAT(left.reasons, ElementsAre(HasSubstr("--rounds")));
}

TEST(TaskRecord, TellsStartsAndEnds) {
  const tests::TemporaryFolder folder;
  EXPECT_EQ(read_record(folder.path(), 0).starts, 0);
  record_start(folder.path(), 0);
  EXPECT_FALSE(read_record(folder.path(), 0).has_ended);
  record_end(folder.path(), 0, TaskEnd::kRequeued);
  record_start(folder.path(), 0);
  EXPECT_EQ(read_record(folder.path(), 0).starts, 2);
  EXPECT_FALSE(read_record(folder.path(), 0).has_ended);
  record_end(folder.path(), 0, TaskEnd::kDone);
  EXPECT_EQ(read_record(folder.path(), 0).why, "done");
  EXPECT_EQ(read_record(folder.path(), 1).starts, 0);
}

}  // namespace
}  // namespace segbench::slurm
