// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <utility>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/json.h"
#include "harness/core/part.h"
#include "harness/core/text.h"
#include "tests/programs/gpu_scripts.h"
#include "tests/support/fake_gpus.h"

// Machines with a GPU, without one: what the scripts and `segbench run` do where a driver is, works or does
// not.

namespace segbench::tests {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

ProcessResult choose() {
  return run_process({(kSource / "scripts/choose_torch.sh").string()}, kSource);
}

TEST(ChoiceOfLibTorch, FollowsFromTheDriver) {
  const FakePrograms programs;
  programs.add("nvidia-smi", "echo 'GPU 0: NVIDIA Fake 90 (UUID: GPU-1)'");
  const ProcessResult works = choose();
  EXPECT_EQ(works.out, "pip-cuda\n");
  EXPECT_THAT(works.err, HasSubstr("GPU 0: NVIDIA Fake 90: taking PyTorch's LibTorch for CUDA"));
  programs.add("nvidia-smi",
               "echo \"NVIDIA-SMI has failed because it couldn't communicate with the driver.\"; exit 9");
  const ProcessResult broken = choose();
  EXPECT_EQ(broken.out, "debian\n");
  EXPECT_THAT(broken.err, HasSubstr("couldn't communicate with the driver.); going on with the CPU"));
  programs.add("nvidia-smi", "exit 0");
  EXPECT_EQ(choose().out, "debian\n");
  EXPECT_THAT(choose().err, HasSubstr("no GPU"));
}

TEST(ChoiceOfLibTorch, NeedsRoom) {
  const FakePrograms programs;
  programs.add("nvidia-smi", "echo 'GPU 0: NVIDIA Fake 90 (UUID: GPU-1)'");
  programs.add("df",
               "echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'; echo 'x 9 9 2097152 9% /'");
  EXPECT_EQ(choose().out, "debian\n");
  EXPECT_THAT(choose().err, HasSubstr("needs 9 GB in " + kSource.string() + ", where 2 GB are free"));
}

TEST(RunWithADriver, TellsThatTheGpuIsNotUsedAndWhy) {
  if (fs::exists("/dev/nvidiactl")) GTEST_SKIP() << "SKIPPED: a real GPU is here";
  const TemporaryFolder folder;
  const fs::path study = bundled_study(folder.path());
  const ProcessResult without = segbench({"run", study.string()}, folder.path());
  ASSERT_EQ(without.exit_code, 0) << without.err;
  EXPECT_THAT(without.err, HasSubstr("device cpu"));
  EXPECT_THAT(without.err, Not(HasSubstr("GPU")));
  fs::remove_all(folder / "runs");
  const FakeGpus fakes(kTwoGpus, SEGBENCH_FAKE_NVML);
  const ProcessResult with = segbench({"run", study.string()}, folder.path());
  ASSERT_EQ(with.exit_code, 0) << with.err;
  EXPECT_THAT(with.err, HasSubstr("device cpu"));
  EXPECT_THAT(with.err, HasSubstr("The GPU NVIDIA Fake 90 is there, but trials run on the CPU: "));
  EXPECT_THAT(with.err, HasSubstr("--torch pip-cuda"));
}

TEST(RunWithADriver, EndsAtOnceWhenNoDeviceCanBeUsed) {
  if (fs::exists("/dev/nvidiactl")) GTEST_SKIP() << "SKIPPED: a real GPU is here";
  const TemporaryFolder folder;
  const FakeGpus fakes(kTwoGpus, SEGBENCH_FAKE_NVML);
  const fs::path study = bundled_study(folder.path());
  const std::vector<std::string> command = {"run",   study.string(),          "--set", "run.devices=all",
                                            "--set", "trials.seeds=[1,2,3,4]"};
  const ProcessResult result = segbench(command, folder.path());
  EXPECT_EQ(result.exit_code, 1) << result.err;
  EXPECT_THAT(result.err, HasSubstr("device cuda:0 (NVIDIA Fake 90), cuda:1 (NVIDIA Fake 90)"));
  EXPECT_THAT(result.err, HasSubstr("cuda:0 (NVIDIA Fake 90) cannot be used: "));
  EXPECT_THAT(result.err, HasSubstr("nothing more is started"));
  EXPECT_THAT(result.err, HasSubstr("no device is left that can be used"));
  EXPECT_THAT(result.err, HasSubstr("2 pending")) << "two were tried, two were left: " << result.err;
  const ProcessResult missing =
      segbench({"run", study.string(), "--set", "run.devices=[\"cuda:7\"]"}, folder.path());
  EXPECT_EQ(missing.exit_code, core::kNoDevice);
  EXPECT_THAT(missing.err, HasSubstr("there is no \"cuda:7\"; there are cuda:0 (NVIDIA Fake 90), cuda:1"));
}

TEST(RunWithADriver, GivesATrialAGpuForEachOfItsProcesses) {
  if (fs::exists("/dev/nvidiactl")) GTEST_SKIP() << "SKIPPED: a real GPU is here";
  const TemporaryFolder folder;
  const FakeGpus fakes(kTwoGpus, SEGBENCH_FAKE_NVML);
  const fs::path study = bundled_study(folder.path()), worker = folder / "worker";
  core::write_file_atomically(worker, "#!/bin/sh\necho \"$* on $CUDA_VISIBLE_DEVICES\" >>" +
                                          (folder / "called").string() + "\nexit 1\n");
  fs::permissions(worker, fs::perms::owner_all);
  ::setenv("SEGBENCH_WORKER", worker.c_str(), 1);
  const auto run = [&](const std::string& processes) {
    return segbench(
        {"run", study.string(), "--set", "run.devices=all", "--set", "training.processes=" + processes},
        folder.path());
  };
  const ProcessResult fits = run("2"), shared = run("4");
  ::unsetenv("SEGBENCH_WORKER");
  EXPECT_THAT(fits.err, Not(HasSubstr("than GPUs")));
  EXPECT_THAT(shared.err,
              HasSubstr("more processes (training.processes = 4) than GPUs (2): they share them"));
  const std::vector<std::string> called = core::split(core::read_file(folder / "called"), '\n');
  ASSERT_GE(called.size(), 2U);
  for (const std::string& line : {called[0], called[1]})
    EXPECT_THAT(line, AllOf(HasSubstr("--device cuda:0 "), HasSubstr(" on GPU-aaaa1111,GPU-bbbb2222")));
}

TEST(Bundle, HoldsAllThatTheWorkerNeedsAndNoMore) {
  const TemporaryFolder folder;
  const fs::path file = folder / "bundle.tar.gz", root = folder / "segbench-gpu";
  const ProcessResult made = run_process(
      {(kSource / "scripts/bundle_worker.sh").string(), "--segbench", SEGBENCH_BINARY_DIR "/segbench",
       "--out", file.string(), bundled_study(folder.path()).string(), "--set", "training.epochs=2"},
      folder.path());
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_LE(fs::file_size(file), 60U << 20);
  ASSERT_EQ(run_process({"tar", "-xf", file.string()}, folder.path()).exit_code, 0);
  for (const char* needed :
       {"scripts/gpu.sh", "scripts/gpu/steps.py", "headers/fmt/format.h", "COMMIT", "bench/against_python.py",
        "headers/nlohmann/json.hpp", "headers/CLI/CLI.hpp", "harness/train/trainer.cpp"})
    EXPECT_TRUE(fs::exists(root / needed)) << needed;
  EXPECT_FALSE(fs::exists(root / "reports"));
  const ProcessResult checks = run_process(
      {"python3", "-c",
       "import sys; sys.path.insert(0, 'scripts/gpu'); import trials; print(len(trials.all_trials()))"},
      root);
  EXPECT_EQ(checks.out, "1\n") << checks.err << ": the trials that gpu.sh will find";
  // Outside of the source tree, for the worker alone, with the headers of the bundle.
  const ProcessResult configured =
      run_process({"cmake", "-G", "Ninja", "-S", ".", "-B", "build", "-DSEGBENCH_BUILD_CLI=OFF",
                   "-DSEGBENCH_BUILD_TESTS=OFF", "-DSEGBENCH_BUILD_BENCHMARKS=OFF",
                   "-DSEGBENCH_HEADER_PATH=" + (root / "headers").string()},
                  root);
  if (configured.exit_code != 0 && configured.err.find("Torch") != std::string::npos)
    GTEST_SKIP() << "SKIPPED: no LibTorch where CMake looks by itself";
  ASSERT_EQ(configured.exit_code, 0) << configured.err;
  const ProcessResult inputs = run_process({"ninja", "-C", "build", "-t", "inputs", "segbench-worker"}, root);
  ASSERT_EQ(inputs.exit_code, 0) << inputs.err;
  int sources = 0;
  for (const std::string& input : core::split(inputs.out, '\n')) {
    if (!input.ends_with(".cpp") || input.find("/build/") != std::string::npos || !input.starts_with("/"))
      continue;
    EXPECT_TRUE(input.starts_with(root.string())) << input << " is not of the bundle";
    ++sources;
  }
  EXPECT_GT(sources, 3);
  const ProcessResult built =
      run_process({"cmake", "--build", "build", "--target", "segbench_metrics", "segbench_trial"}, root);
  EXPECT_EQ(built.exit_code, 0) << built.out << built.err;
}

TEST(Bundle, OfTheFirstHourHoldsItsStudiesAndAProfile) {
  const TemporaryFolder folder;
  const fs::path file = folder / "bundle.tar.gz", root = folder / "segbench-gpu";
  const ProcessResult made =
      run_process({(kSource / "scripts/bundle_worker.sh").string(), "--segbench",
                   SEGBENCH_BINARY_DIR "/segbench", "--out", file.string(), "--images", "16", "--side", "32"},
                  folder.path());
  ASSERT_EQ(made.exit_code, 0) << made.err;
  ASSERT_EQ(run_process({"tar", "-xf", file.string()}, folder.path()).exit_code, 0);
  const auto trials = [&](const char* study) {
    const fs::directory_iterator all(root / "runs" / study / "trials");
    return std::distance(begin(all), end(all));
  };
  EXPECT_EQ(trials("first_hour_sizes"), 9) << "three sizes, three seeds";
  EXPECT_EQ(trials("first_hour_networks"),
            std::ssize(core::PartRegistry::instance().names(core::PartKind::kArchitecture)) - 1)
      << "all but torchscript";
  const core::Json plan = core::Json::parse(core::read_file(root / "profile/plan.json"));
  EXPECT_EQ(plan.at("networks")[0].at("label"), "unet small");
  EXPECT_TRUE(
      fs::exists(root / "profile" / plan.at("networks")[0].at("files").at("python").get<std::string>()));
}

TEST(Bundle, IsRefusedForOptionsThatHaveNoEffect) {
  const TemporaryFolder folder;
  const auto refusal = [&](const std::vector<std::string>& options) {
    std::vector<std::string> command = {(kSource / "scripts/bundle_worker.sh").string(), "--segbench",
                                        SEGBENCH_BINARY_DIR "/segbench"};
    command.insert(command.end(), options.begin(), options.end());
    const ProcessResult result = run_process(command, folder.path());
    EXPECT_EQ(result.exit_code, 2) << result.err;
    EXPECT_FALSE(fs::exists(folder / "segbench-gpu.tar.gz"));
    return result.err;
  };
  EXPECT_THAT(refusal({"--images", "16", "study.toml"}),
              HasSubstr("--images 16: --images and --side are of the first hour's own study"));
  EXPECT_THAT(refusal({"--set", "a=b", "study.toml"}),
              HasSubstr("--set a=b: belongs behind the STUDY.toml that it changes"));
  EXPECT_THAT(refusal({"--side", "8"}), HasSubstr("--side: 8 are too few; at least 32"));
  EXPECT_THAT(refusal({"--out"}), HasSubstr("--out needs a value"));
}

TEST(Bundle, ThatIsTooLargeIsNotMade) {
  const TemporaryFolder folder;
  const FakePrograms programs;
  programs.add("stat", "echo 70000000");
  const fs::path file = folder / "bundle.tar.gz";
  const ProcessResult made = run_process(
      {(kSource / "scripts/bundle_worker.sh").string(), "--segbench", SEGBENCH_BINARY_DIR "/segbench",
       "--out", file.string(), bundled_study(folder.path()).string()},
      folder.path());
  EXPECT_EQ(made.exit_code, 1);
  EXPECT_THAT(made.err, HasSubstr("would have 66 MiB, but at most 60 are allowed"));
  EXPECT_FALSE(fs::exists(file));
}

/// A folder with the quick start whose other scripts do as they are told.
fs::path fake_quick_start(const fs::path& folder) {
  fs::create_directories(folder / "scripts");
  fs::create_directories(folder / "built/bin");
  for (const char* script : {"quickstart.sh", "choose_torch.sh"})
    fs::copy_file(kSource / "scripts" / script, folder / "scripts" / script);
  const auto program = [&](const fs::path& file, const std::string& script) {
    core::write_file_atomically(file, "#!/bin/sh\n" + script + "\n");
    fs::permissions(file, fs::perms::owner_all);
  };
  program(
      folder / "scripts/build.sh",
      "echo \"$*\" >> asked\ncase \"$*\" in *pip-cuda*) echo 'no matching distribution' >&2; exit 1;; esac\n"
      "echo built");
  program(folder / "built/bin/segbench", "echo \"segbench $*\"");
  return folder / "scripts/quickstart.sh";
}

TEST(QuickStart, GoesOnWithTheCpuWhereALibTorchForTheGpuCannotBeHad) {
  const TemporaryFolder folder;
  const FakePrograms programs;
  programs.add("nvidia-smi", "echo 'GPU 0: NVIDIA Fake 90 (UUID: GPU-1)'");
  programs.add(
      "df", "echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'; echo 'x 9 9 99999999 9% /'");
  const std::string script = fake_quick_start(folder.path()).string();
  const ProcessResult result = run_process({script}, folder.path());
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(core::read_file(folder / "asked"),
            "--torch pip-cuda --target segbench --target segbench-worker\n"
            "--torch debian --target segbench --target segbench-worker\n");
  EXPECT_THAT(result.err, HasSubstr("no matching distribution"));
  EXPECT_THAT(result.err,
              HasSubstr("could not be had or built with (its words are above); going on with the CPU"));
  EXPECT_EQ(result.out, "segbench run experiments/quickstart.toml\nsegbench report quickstart\n");
}

TEST(QuickStart, TakesTheLibTorchThatItIsTold) {
  const TemporaryFolder folder;
  const std::string script = fake_quick_start(folder.path()).string();
  ASSERT_EQ(run_process({script, "--torch", "/opt/libtorch"}, folder.path()).exit_code, 0);
  EXPECT_EQ(core::read_file(folder / "asked"),
            "--target segbench --target segbench-worker --torch /opt/libtorch\n");
}

/// A bundle whose worker and Python are told what to do.
class FakeBundle {
 public:
  FakeBundle() {
    fs::create_directories(folder_ / "scripts/gpu");
    fs::create_directories(folder_ / "build/bin");
    fs::copy_file(kSource / "scripts/gpu.sh", folder_ / "scripts/gpu.sh");
    fs::copy_file(kSource / "scripts/gpu/summary.py", folder_ / "scripts/gpu/summary.py");
    programs_.add("nvidia-smi", "echo called >> calls; echo NVIDIA Fake 90");
    program("build/bin/segbench-worker", "echo '{\"device\": \"cuda:0\"}'");
    core::write_file_atomically(folder_ / "scripts/gpu/steps.py",
                                "import sys, time, pathlib\n"
                                "code = pathlib.Path('code_' + sys.argv[1])\n"
                                "pathlib.Path('seen').open('a').write(sys.argv[1] + ' ')\n"
                                "print('words of', sys.argv[1])\n"
                                "sys.stdout.flush()\n"
                                "if pathlib.Path('slow').exists(): time.sleep(60)\n"
                                "sys.exit(int(code.read_text()) if code.exists() else 0)\n");
  }
  void program(const char* file, const std::string& script) const {
    core::write_file_atomically(folder_ / file, "#!/bin/sh\n" + script + "\n");
    fs::permissions(folder_ / file, fs::perms::owner_all);
  }
  std::vector<std::string> command(const std::vector<std::string>& options = {}) const {
    std::vector<std::string> words = {"bash", "scripts/gpu.sh", "--worker", "build/bin/segbench-worker"};
    words.insert(words.end(), options.begin(), options.end());
    return words;
  }
  ProcessResult run(const std::vector<std::string>& options = {}) const {
    return run_process(command(options), path());
  }
  std::string seen() const { return fs::exists(path() / "seen") ? core::read_file(path() / "seen") : ""; }
  const fs::path& path() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
  FakePrograms programs_;
};

TEST(FirstHour, GoesOnWhereItWasCutAndTellsWhatFailed) {
  const FakeBundle bundle;
  bundle.program("build/bin/segbench-worker", "exit 1");
  core::write_file_atomically(bundle.path() / "code_sizes", "3");
  const std::vector<std::string> options = {"--only", "driver,environment,train,sizes"};
  const ProcessResult first = bundle.run(options);
  EXPECT_EQ(first.exit_code, 1);
  EXPECT_THAT(first.out, AllOf(HasSubstr("driver: done in "), HasSubstr("environment: FAILED in "),
                               HasSubstr("exit code 1"), HasSubstr("sizes: skipped in "),
                               HasSubstr("words of sizes"), HasSubstr("1 step failed, 0 cut, 0 left out")));
  EXPECT_EQ(bundle.seen(), "train sizes ") << "one that fails does not keep the others from their work";
  bundle.program("build/bin/segbench-worker", "echo '{\"device\": \"cuda:0\"}'");
  const ProcessResult second = bundle.run(options);
  EXPECT_EQ(second.exit_code, 0) << second.out << second.err;
  EXPECT_THAT(second.out, AllOf(HasSubstr("driver: done before"), HasSubstr("sizes: done before")));
  EXPECT_EQ(core::read_file(bundle.path() / "calls"), "called\ncalled\n")
      << "twice in its first run, never again";
  EXPECT_EQ(bundle.seen(), "train sizes ");
  EXPECT_EQ(core::read_file(bundle.path() / "gpu/environment.json"), "{\"device\": \"cuda:0\"}\n");
  EXPECT_THAT(core::read_file(bundle.path() / "gpu/SUMMARY.md"),
              AllOf(HasSubstr("| environment | done | "), HasSubstr("| sizes | skipped | "),
                    HasSubstr("| levers | not begun |")));
  EXPECT_EQ(bundle.run({"--only", "train", "--again"}).exit_code, 0);
  EXPECT_EQ(bundle.seen(), "train sizes train ");
  core::write_file_atomically(bundle.path() / "gpu/train.json", "{}");
  core::write_file_atomically(bundle.path() / "code_train", "1");
  EXPECT_EQ(bundle.run({"--only", "train", "--again"}).exit_code, 1);
  EXPECT_FALSE(fs::exists(bundle.path() / "gpu/train.json")) << "what an earlier run found";
}

TEST(FirstHour, BeginsAnewWithNothingOfBefore) {
  const FakeBundle bundle;
  ASSERT_EQ(bundle.run({"--only", "train,baseline"}).exit_code, 0);
  fs::create_directories(bundle.path() / "gpu/reference");
  core::write_file_atomically(bundle.path() / "gpu/baseline.json", "{}");
  EXPECT_THAT(bundle.run({"--only", "train,baseline", "--again", "--budget", "59"}).out,
              AllOf(HasSubstr("train: done in "), HasSubstr("baseline: left out")));
  EXPECT_FALSE(fs::exists(bundle.path() / "gpu/baseline.json")) << "what an earlier run found";
  EXPECT_FALSE(fs::exists(bundle.path() / "gpu/reference"));
}

TEST(FirstHour, HasABudgetForAllItsSteps) {
  int needed = 0, steps = 0;
  const std::string summary = core::read_file(kSource / "scripts/gpu/summary.py");
  for (const std::string& line : core::split(core::read_file(kSource / "scripts/gpu.sh"), '\n')) {
    const std::vector<std::string> words = core::split(std::string(core::trim(line)), ' ');
    if (!line.starts_with("  \"") || words.size() != 3) continue;
    needed += std::stoi(words[1]);
    ++steps;
    EXPECT_THAT(summary, HasSubstr(words[0] + "\"")) << "it stands in the summary";
  }
  EXPECT_EQ(steps, 15);
  EXPECT_LE(needed, 480);
}

TEST(FirstHour, RefusesWhatItDoesNotKnow) {
  const FakeBundle bundle;
  const auto refusal = [&](const std::vector<std::string>& options) {
    const ProcessResult result = bundle.run(options);
    EXPECT_EQ(result.exit_code, 2) << result.out;
    return result.err;
  };
  EXPECT_THAT(
      refusal({"--only", "train,trian"}),
      HasSubstr("--only: there is no step \"trian\"; steps: build driver environment selftest train "));
  EXPECT_THAT(refusal({"--only", ","}), HasSubstr("there is no step \"\""));
  EXPECT_THAT(refusal({"--only"}), HasSubstr("--only needs a value"));
  EXPECT_THAT(refusal({"--budget", "8m"}),
              HasSubstr("--budget takes a whole number of seconds, 0 for any time, not \"8m\""));
  EXPECT_THAT(refusal({"--at-once", "0"}), HasSubstr("--at-once takes a whole number from 1 on, not \"0\""));
  EXPECT_EQ(bundle.seen(), "");
}

TEST(FirstHour, EndsAtOnceWithoutAWorker) {
  const FakeBundle bundle;
  fs::remove(bundle.path() / "build/bin/segbench-worker");
  const ProcessResult result = run_process({"bash", "scripts/gpu.sh", "--torch", "/no/torch"}, bundle.path());
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, AllOf(HasSubstr("build: FAILED in "),
                                HasSubstr("build/bin/segbench-worker; why it was not built stands in ")));
  EXPECT_THAT(bundle.run({"--only", "train"}).err, HasSubstr("build/bin/segbench-worker is no program"));
  EXPECT_THAT(run_process({"bash", "scripts/gpu.sh", "--only", "train"}, bundle.path()).err,
              HasSubstr("build/bin/segbench-worker; build it first (--only build)"));
  EXPECT_EQ(bundle.seen(), "");
}

TEST(FirstHour, LeavesOutWhatItsBudgetDoesNotSufficeFor) {
  const FakeBundle bundle;
  const ProcessResult result = bundle.run({"--budget", "59"});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(bundle.seen(), AllOf(HasSubstr("selftest train "), HasSubstr("memory assert"),
                                   Not(HasSubstr("baseline")), Not(HasSubstr("profile"))));
  EXPECT_THAT(result.out, AllOf(HasSubstr("baseline: left out in 0 s: it needs about 60 s, and "),
                                HasSubstr(" of 59 s are left"), HasSubstr("0 steps failed, ")));
  const ProcessResult rest = bundle.run();
  EXPECT_THAT(rest.out, AllOf(HasSubstr("train: done before"), HasSubstr("baseline: done in "),
                              HasSubstr(" 0 left out")));
}

TEST(FirstHour, StopsAStepThatTakesTooLongAndWhenItIsTold) {
  const FakeBundle bundle;
  core::write_file_atomically(bundle.path() / "slow", "");
  const std::string script = core::read_file(bundle.path() / "scripts/gpu.sh");
  std::string quick = script;
  for (const auto& [step, shorter] :
       {std::pair("\"verify 30 300\"", "\"verify 1 2\""), {"\"assert 10 120\"", "\"assert 1 120\""}}) {
    ASSERT_NE(quick.find(step), std::string::npos);
    quick.replace(quick.find(step), std::string(step).size(), shorter);
  }
  core::write_file_atomically(bundle.path() / "scripts/gpu.sh", quick);
  const ProcessResult late = bundle.run({"--only", "verify,assert", "--budget", "6"});
  EXPECT_EQ(late.exit_code, 1);
  EXPECT_THAT(late.out, AllOf(HasSubstr("verify: FAILED in "), HasSubstr("it was stopped after 2 s"),
                              HasSubstr("words of verify"), HasSubstr("1 step failed, 1 cut, 0 left out")));
  EXPECT_THAT(late.out, AllOf(HasSubstr("assert: cut in "), HasSubstr("the budget of 6 s is used up"),
                              HasSubstr("words of assert")));
  EXPECT_THAT(core::read_file(bundle.path() / "gpu/SUMMARY.md"), HasSubstr("| assert | cut | "));
  EXPECT_EQ(bundle.run({"--only", "assert", "--budget", "2"}).exit_code, 0) << "to be cut is not to fail";
  core::write_file_atomically(bundle.path() / "scripts/gpu.sh", script);
  Process told(bundle.command({"--only", "train,verify"}), bundle.path());
  while (bundle.seen().find("train") == std::string::npos && told.running()) ::usleep(20'000);
  told.signal(SIGTERM);
  const ProcessResult cut = told.wait();
  EXPECT_EQ(cut.exit_code, 143);
  EXPECT_THAT(cut.out, HasSubstr("cut; the same command goes on"));
  EXPECT_FALSE(fs::exists(bundle.path() / "gpu/train.state"));
  EXPECT_THAT(bundle.seen(), testing::EndsWith(" train ")) << "nothing is begun behind it";
  fs::remove(bundle.path() / "slow");
  EXPECT_THAT(bundle.run({"--only", "assert"}).out, HasSubstr("assert: done in "))
      << "it goes on where it was cut";
  EXPECT_THAT(bundle.run({"--only", "train,verify"}).out,
              AllOf(HasSubstr("train: done in "), HasSubstr("verify: done in ")));
}

}  // namespace
}  // namespace segbench::tests
