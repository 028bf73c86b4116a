// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "harness/core/files.h"
#include "harness/core/json.h"
#include "harness/core/part.h"
#include "harness/core/text.h"
#include "tests/programs/gpu_scripts.h"

// The steps of the first hour on a GPU (scripts/gpu/), on a CPU.

namespace segbench::tests {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// A step of gpu.sh, in a folder with runs/.
ProcessResult step(const std::string& name, const fs::path& folder,
                   const std::vector<std::string>& further = {}) {
  std::vector<std::string> command = {"python3",
                                      (kSource / "scripts/gpu/steps.py").string(),
                                      name,
                                      "--worker",
                                      SEGBENCH_BINARY_DIR "/segbench-worker",
                                      "--device",
                                      "cpu",
                                      "--json",
                                      (folder / "gpu" / (name + ".json")).string()};
  command.insert(command.end(), further.begin(), further.end());
  fs::create_directories(folder / "gpu");
  return run_process(command, folder);
}

core::Json found_by(const std::string& name, const fs::path& folder) {
  return core::Json::parse(core::read_file(folder / "gpu" / (name + ".json")));
}

std::string summary_of(const fs::path& folder) {
  return run_process({"python3", (kSource / "scripts/gpu/summary.py").string()}, folder).out;
}

TEST(FirstHour, ItsChecksHoldOnACpu) {
  const TemporaryFolder folder;
  const fs::path study = bundled_study(folder.path());
  ASSERT_EQ(
      segbench({"run", study.string(), "--prepare", "--set", "training.epochs=3"}, folder.path()).exit_code,
      0);
  for (const std::string name :
       {"selftest", "train", "parity", "resume", "verify", "memory", "assert", "bare", "levers"}) {
    const ProcessResult result = step(name, folder.path(), {"--at-once", "2"});
    EXPECT_EQ(result.exit_code, 0) << name << ": " << result.out << result.err;
    ASSERT_TRUE(fs::exists(folder / "gpu" / (name + ".json"))) << name;
  }
  EXPECT_EQ(found_by("selftest", folder.path()).at("same_events"), true);
  const core::Json resumed = found_by("resume", folder.path()).begin().value();
  EXPECT_EQ(resumed.at("same_weights"), true);
  EXPECT_FALSE(resumed.at("resumed_from").is_null());
  EXPECT_EQ(found_by("memory", folder.path()).at("reason"), "out_of_memory");
  EXPECT_EQ(found_by("assert", folder.path()).at("reason"), "error");
  EXPECT_EQ(found_by("bare", folder.path()).at("trial_over_bare").at("n"), 3);
  EXPECT_EQ(found_by("levers", folder.path()).at("step_s").at("all").size(), 3U);
  EXPECT_TRUE(found_by("levers", folder.path()).at("without_over_all").contains("parameter_lists"));
  EXPECT_EQ(step("sizes", folder.path()).exit_code, 3) << "there is no size study";
  EXPECT_THAT(summary_of(folder.path()), AllOf(HasSubstr("1 of 1 trials are as they should be"),
                                               HasSubstr("A step of the whole trial takes "),
                                               HasSubstr("| parameter_lists | "), HasSubstr("n = 3)")));
  const ProcessResult imported =
      segbench({"--runs", (folder / "home").string(), "import", (folder / "runs").string()}, folder.path());
  EXPECT_EQ(imported.exit_code, 0) << imported.err;
  EXPECT_THAT(segbench({"--runs", (folder / "home").string(), "status", "tiny"}, folder.path()).out,
              HasSubstr("complete"));
}

TEST(FirstHour, TellsThatATrialDoesNotRepeat) {
  const TemporaryFolder folder;
  const fs::path study = bundled_study(folder.path());
  ASSERT_EQ(segbench({"run", study.string(), "--prepare"}, folder.path()).exit_code, 0);
  ASSERT_EQ(step("train", folder.path()).exit_code, 0);
  const fs::path trial = *fs::directory_iterator(folder / "runs/tiny/trials");
  std::string log = core::read_file(trial / "events.jsonl");
  const std::size_t weights = log.find("\"weights_sha256\":\"") + 18;
  log[weights] = log[weights] == '0' ? '1' : '0';
  core::write_file_atomically(trial / "events.jsonl", log);
  EXPECT_EQ(step("verify", folder.path()).exit_code, 1);
  EXPECT_EQ(found_by("verify", folder.path()).begin().value().at("repeats"), false);
  EXPECT_THAT(summary_of(folder.path()), HasSubstr("0 of 1 trials are as they should be"));
  EXPECT_EQ(step("train", folder.path(), {"--again"}).exit_code, 0);
  EXPECT_EQ(step("verify", folder.path()).exit_code, 0) << "the trial was trained anew";
}

TEST(FirstHour, SharesConformanceAmongProcesses) {
  const TemporaryFolder folder;
  ASSERT_EQ(segbench({"run", bundled_study(folder.path()).string(), "--prepare"}, folder.path()).exit_code,
            0);
  const ProcessResult result =
      step("conformance", folder.path(), {"--at-once", "2", "--parts", "fcn", "cross_entropy", "sgd"});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  const core::Json found = found_by("conformance", folder.path());
  for (const char* kind : {"networks", "losses", "optimizers"})
    EXPECT_GT(found.at("checked").at(kind), 1) << kind;
  EXPECT_TRUE(found.at("failures").empty());
  EXPECT_THAT(summary_of(folder.path()), HasSubstr("| networks | float32 | gradients | "));
}

/// What bundle_worker.sh packs without a study, small; the sources are left out.
void unpack_first_hour(const fs::path& folder) {
  const std::string program = SEGBENCH_BINARY_DIR "/segbench";
  ASSERT_EQ(run_process({"python3", (kSource / "scripts/bundle_studies.py").string(), ".", "--segbench",
                         program, "--images", "16", "--side", "32"},
                        folder)
                .exit_code,
            0);
}

TEST(FirstHour, TimesTheSizeStudyAndExtrapolates) {
  const TemporaryFolder folder;
  unpack_first_hour(folder.path());
  const ProcessResult prepared = segbench({"run", "first_hour_sizes.toml", "--prepare", "--set",
                                           "trials.seeds=[1]", "--set", "model.width=0.0625"},
                                          folder.path());
  ASSERT_EQ(prepared.exit_code, 0) << prepared.err;
  const ProcessResult result = step("sizes", folder.path(), {"--at-once", "3"});
  ASSERT_EQ(result.exit_code, 0) << result.out << result.err;
  const core::Json found = found_by("sizes", folder.path());
  EXPECT_EQ(found.at("sizes").size(), 3U);
  EXPECT_EQ(found.at("epochs"), 2);
  double sum = 0;
  for (const core::Json& size : found.at("sizes")) {
    const double epoch = size.at("epoch_s")[0], trial = size.at("trial_s")[0],
                 all = size.at("extrapolated_s")[0];
    EXPECT_GE(all, 25 * epoch);
    EXPECT_LT(all, trial + 25 * epoch);
    sum += all;
  }
  EXPECT_NEAR(found.at("extrapolated_s").get<double>(), sum / 3, 1e-6 * sum);
  EXPECT_THAT(summary_of(folder.path()), HasSubstr("Extrapolated to 25 epochs: "));
}

TEST(FirstHour, HasATrialOfEveryNetwork) {
  const TemporaryFolder folder;
  unpack_first_hour(folder.path());
  const std::string study = core::read_file(folder / "first_hour_networks.toml");
  for (const std::string& name : core::PartRegistry::instance().names(core::PartKind::kArchitecture)) {
    if (name == "torchscript") continue;  // is read from a file
    EXPECT_THAT(study, HasSubstr("architecture = \"" + name + "\""));
  }
  const ProcessResult planned = segbench({"plan", "first_hour_networks.toml"}, folder.path());
  EXPECT_EQ(planned.exit_code, 0) << planned.err;
}

/// A trial and the profile `there`, with these settings, as a bundle has them.
void unpack_profile(const fs::path& folder, const std::string& settings) {
  core::write_file_atomically(
      folder / "p.toml",
      "schema = 1\nname = \"there\"\nprofile = { models = [\"unet:small\"], widths = [0.0625], "
      "resolution = [\"32x32\"], " +
          settings + " }\n");
  ASSERT_EQ(segbench({"run", bundled_study(folder).string(), "--prepare"}, folder).exit_code, 0);
  const ProcessResult prepared = segbench({"profile", "p.toml", "--prepare", "profile"}, folder);
  ASSERT_EQ(prepared.exit_code, 0) << prepared.err;
}

TEST(FirstHour, ProfilesWithoutSegbench) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(unpack_profile(folder.path(), "batch = [1, 2], seconds = 3"));
  const ProcessResult result = step("profile", folder.path());
  ASSERT_EQ(result.exit_code, 0) << result.out << result.err;
  int measured = 0;
  const core::Json found = found_by("profile", folder.path());
  for (const core::Json& row : found.at("rows")) {
    EXPECT_FALSE(row.contains("failed")) << row;
    EXPECT_GE(row.at("n"), 1);
    ++measured;
  }
  EXPECT_GE(measured, 6) << "eager, plan and torchscript at two batches";
  EXPECT_THAT(summary_of(folder.path()), HasSubstr("| unet small ×0.0625 | plan | 2 | "));
  const std::string home = (folder / "home").string();
  const ProcessResult imported =
      segbench({"--runs", home, "import", (folder / "runs").string()}, folder.path());
  EXPECT_EQ(imported.exit_code, 0) << imported.err;
  EXPECT_THAT(imported.err,
              AllOf(HasSubstr("copied " + home + "/there/profile/"), Not(HasSubstr("warning"))));
  const ProcessResult shown =
      segbench({"--runs", home, "profile", "--name", "there", "--show"}, folder.path());
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("unet small ×0.0625, batch 2  plan"));
}

TEST(FirstHour, LeavesOutARowWhoseEngineEndsWithinTheRoundsOrComputesNoNumber) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(unpack_profile(folder.path(), "seconds = 1"));
  const fs::path worker = folder / "worker";
  core::write_file_atomically(worker, R"(#!/usr/bin/env python3
# The worker, whose engine `plan` ends when it is to run more than its warm-up does at once, and whose engine
# `torchscript` gives a last logit that is no number.
import json, os, subprocess, sys
command = [")" SEGBENCH_BINARY_DIR R"(/segbench-worker", *sys.argv[1:]]
if sys.argv[1:] not in (["engine", "plan"], ["engine", "torchscript"]):
    os.execv(command[0], command)
inner = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
for line in sys.stdin:
    request = json.loads(line)
    if sys.argv[2] == "plan" and request["do"] == "run" and request["iterations"] > 2:
        sys.exit("it has had enough")
    inner.stdin.write(line)
    answer = inner.stdout.readline()
    if sys.argv[2] == "torchscript" and request["do"] == "output":
        with open(request["file"], "r+b") as file:
            file.seek(-4, 2)
            file.write(bytes((0, 0, 0xC0, 0x7F)))
    print(answer, end="", flush=True)
)");
  fs::permissions(worker, fs::perms::owner_all);
  const ProcessResult result = step("profile", folder.path(), {"--worker", worker.string()});
  ASSERT_EQ(result.exit_code, 0) << result.out << result.err;
  const core::Json found = found_by("profile", folder.path());
  for (const core::Json& row : found.at("rows")) {
    const bool is_whole = row.at("engine") != "plan" && row.at("engine") != "torchscript";
    EXPECT_EQ(row.contains("failed"), !is_whole) << row;
    EXPECT_EQ(row.contains("n"), is_whole) << row;
    if (row.at("engine") == "torchscript") {
      EXPECT_THAT(row.at("failed").get<std::string>(), HasSubstr("its output is wrong"));
    }
  }
}

TEST(FirstHour, GoesOnWithAProfileThatWasCut) {
  const TemporaryFolder folder;
  ASSERT_NO_FATAL_FAILURE(unpack_profile(folder.path(), "seconds = 2"));
  ASSERT_EQ(step("profile", folder.path()).exit_code, 0);
  std::string log;
  fs::path file;
  for (const auto& entry : fs::directory_iterator(folder / "runs/there/profile")) {
    if (entry.is_directory()) file = entry.path() / "profile.jsonl";
  }
  const std::vector<std::string> lines = core::split(core::read_file(file), '\n');
  int visits = 0;
  for (const std::string& line : lines) {
    log += line + '\n';
    if (line.find("\"type\":\"visit\"") != std::string::npos && ++visits == 4) break;
  }
  core::write_file_atomically(file, log + "{\"torn");
  ASSERT_EQ(step("profile", folder.path()).exit_code, 0);
  const std::string whole = core::read_file(file);
  EXPECT_TRUE(whole.starts_with(log));
  EXPECT_THAT(whole, AllOf(Not(HasSubstr("torn")), HasSubstr("\"type\":\"finished\"")));
  const ProcessResult shown =
      segbench({"profile", "--name", "there", "--show", "--format", "json"}, folder.path());
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_EQ(core::Json::parse(shown.out).value("defects", core::Json::array()), core::Json::array())
      << "the chain is whole";
}

}  // namespace
}  // namespace segbench::tests
