// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/text.h"
#include "tests/support/fake_gpus.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

// Machines with a GPU, without one: what the scripts and `segbench run` do where a driver is, works or does
// not.

namespace segbench::tests {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

const fs::path kSource = SEGBENCH_SOURCE_DIR;

/// A folder in front of the PATH with programs that say what they are told to.
class FakePrograms {
 public:
  FakePrograms() : before_(std::getenv("PATH")) {
    ::setenv("PATH", (folder_.path().string() + ":" + before_).c_str(), 1);
  }
  FakePrograms(const FakePrograms&) = delete;
  FakePrograms& operator=(const FakePrograms&) = delete;
  ~FakePrograms() { ::setenv("PATH", before_.c_str(), 1); }
  void add(const std::string& name, const std::string& script) const {
    const fs::path file = folder_ / name;
    core::write_file_atomically(file, "#!/bin/sh\n" + script + "\n");
    fs::permissions(file, fs::perms::owner_all);
  }

 private:
  TemporaryFolder folder_;
  std::string before_;
};

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

/// The built `segbench` in a folder of its own.
ProcessResult segbench(const std::vector<std::string>& words, const fs::path& folder) {
  std::vector<std::string> command = {SEGBENCH_BINARY_DIR "/segbench"};
  command.insert(command.end(), words.begin(), words.end());
  return run_process(command, folder);
}

fs::path bundled_study(const fs::path& folder) {
  const fs::path file = folder / "tiny.toml";
  core::write_file_atomically(file, R"(schema = 1
name = "tiny"
data = { kind = "shapes", resolution = [32, 32], train_images = 8, selection_images = 4, test_images = 4 }
model = { architecture = "unet", size = "small", width = 0.0625 }
trials = { seeds = [1] }
[training]
epochs = 1
batch_size = 4
loss = "cross_entropy"
optimizer = { name = "adam", learning_rate = 1e-3 }
)");
  return file;
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
  for (const char* needed : {"scripts/gpu.sh", "scripts/gpu_checks.py", "headers/fmt/format.h", "COMMIT",
                             "headers/nlohmann/json.hpp", "headers/CLI/CLI.hpp", "harness/train/trainer.cpp"})
    EXPECT_TRUE(fs::exists(root / needed)) << needed;
  EXPECT_FALSE(fs::exists(root / "reports"));
  const ProcessResult checks = run_process(
      {"python3", "-c",
       "import sys; sys.path.insert(0, 'scripts'); import gpu_checks; print(len(gpu_checks.trials()))"},
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

TEST(FirstHour, ItsChecksHoldOnACpu) {
  const TemporaryFolder folder;
  const fs::path study = bundled_study(folder.path());
  ASSERT_EQ(
      segbench({"run", study.string(), "--prepare", "--set", "training.epochs=8"}, folder.path()).exit_code,
      0);
  fs::create_directories(folder / "gpu");
  for (const std::string check : {"train", "parity", "resume", "verify", "levers"}) {
    const fs::path json = folder / "gpu" / (check + ".json");
    const ProcessResult result =
        run_process({"python3", (kSource / "scripts/gpu_checks.py").string(), check, "--worker",
                     SEGBENCH_BINARY_DIR "/segbench-worker", "--device", "cpu", "--json", json.string()},
                    folder.path());
    EXPECT_EQ(result.exit_code, 0) << check << ": " << result.out << result.err;
    ASSERT_TRUE(fs::exists(json)) << check;
  }
  EXPECT_THAT(core::read_file(folder / "gpu/resume.json"), HasSubstr("\"same_weights\": true"));
  const ProcessResult imported =
      segbench({"--runs", (folder / "home").string(), "import", (folder / "runs").string()}, folder.path());
  EXPECT_EQ(imported.exit_code, 0) << imported.err;
  EXPECT_THAT(segbench({"--runs", (folder / "home").string(), "status", "tiny"}, folder.path()).out,
              HasSubstr("complete"));
}

TEST(FirstHour, GoesOnWhereItWasCutAndTellsWhatFailed) {
  const TemporaryFolder folder;
  fs::create_directories(folder / "scripts");
  for (const char* script : {"gpu.sh", "gpu_checks.py"})
    fs::copy_file(kSource / "scripts" / script, folder / "scripts" / script);
  fs::create_directories(folder / "build/bin");
  const FakePrograms programs;
  programs.add("nvidia-smi", "echo called >> calls; echo NVIDIA Fake 90");
  const std::vector<std::string> command = {"bash", "scripts/gpu.sh", "--only", "driver,environment"};
  const ProcessResult first = run_process(command, folder.path());
  EXPECT_EQ(first.exit_code, 1) << "there is no worker";
  EXPECT_THAT(first.out, HasSubstr("driver: done"));
  EXPECT_THAT(first.out, HasSubstr("environment: FAILED"));
  EXPECT_THAT(first.out, HasSubstr("1 step failed"));
  core::write_file_atomically(folder / "build/bin/segbench-worker",
                              "#!/bin/sh\necho '{\"device\": \"cuda:0\"}'\n");
  fs::permissions(folder / "build/bin/segbench-worker", fs::perms::owner_all);
  const ProcessResult second = run_process(command, folder.path());
  EXPECT_EQ(second.exit_code, 0) << second.out << second.err;
  EXPECT_THAT(second.out, HasSubstr("driver: done before"));
  EXPECT_EQ(core::read_file(folder / "calls"), "called\ncalled\n") << "twice in its first run, never again";
  EXPECT_EQ(core::read_file(folder / "gpu/environment.json"), "{\"device\": \"cuda:0\"}\n");
}

}  // namespace
}  // namespace segbench::tests
