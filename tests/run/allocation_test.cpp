// SPDX-License-Identifier: MIT
#include "harness/run/allocation.h"

#include <gtest/gtest.h>

#include <fstream>

#include "harness/core/trial.h"
#include "harness/trial/event_log.h"
#include "tests/support/temporary_folder.h"

namespace segbench::run {
namespace {

struct Case {
  int jobs, threads, cpus;
  std::size_t trials;
  int expected_jobs, expected_threads;
};

TEST(Allocation, OneThreadEachAndMoreOnlyWhereTrialsAreFewerThanCpus) {
  const std::vector<Case> cases = {
      {0, 0, 8, 12, 8, 1},   {0, 0, 8, 8, 8, 1},  {0, 0, 8, 3, 3, 2},    {0, 0, 8, 1, 1, 8},
      {0, 0, 1, 5, 1, 1},    {0, 0, 4, 0, 1, 4},  {2, 0, 8, 12, 2, 4},  // as asked for
      {16, 0, 8, 20, 16, 1}, {0, 3, 8, 12, 2, 3}, {0, 16, 8, 12, 1, 16}, {2, 3, 8, 12, 2, 3},
  };
  for (const Case& c : cases) {
    const Allocation found = allocate(c.jobs, c.threads, {.cpus = c.cpus}, c.trials, 1 << 30);
    EXPECT_EQ(found.jobs, c.expected_jobs) << c.cpus << " CPUs, " << c.trials << " trials";
    EXPECT_EQ(found.threads, c.expected_threads) << c.cpus << " CPUs, " << c.trials << " trials";
    EXPECT_EQ(found.most_threads == 0, c.jobs != 0);
  }
}

TEST(Allocation, MemoryAndGpuBoundTheTrialsAtOnce) {
  const Machine machine{.cpus = 8, .free_memory_bytes = std::int64_t{7} << 30};
  EXPECT_EQ(allocate(0, 0, machine, 12, std::int64_t{2} << 30).jobs, 3);
  EXPECT_EQ(allocate(0, 0, machine, 12, std::int64_t{2} << 30).threads, 2);
  EXPECT_EQ(allocate(0, 0, machine, 12, std::int64_t{20} << 30).jobs, 1) << "it is tried all the same";
  EXPECT_EQ(allocate(4, 0, machine, 12, std::int64_t{20} << 30).jobs, 4) << "asked for";
  const Machine with_gpu{.cpus = 8, .free_memory_bytes = {}, .has_gpu = true};
  EXPECT_EQ(allocate(0, 0, with_gpu, 12, 1).jobs, 1);
  EXPECT_EQ(allocate(0, 0, with_gpu, 12, 1).threads, 8);
}

TEST(Allocation, EachProcessOfATrialHasACpu) {
  const Machine machine{.cpus = 8};
  EXPECT_EQ(allocate(0, 0, machine, 12, 1, /*processes=*/4).jobs, 2);
  EXPECT_EQ(allocate(0, 0, machine, 12, 1, 4).threads, 4);
  EXPECT_EQ(allocate(0, 2, machine, 12, 1, 4).jobs, 2) << "two threads asked for are too few";
  EXPECT_EQ(allocate(8, 0, machine, 12, 1, 4).threads, 4) << "more trials than there is room for";
  EXPECT_EQ(allocate(0, 0, machine, 12, 1, 16).most_threads, 16) << "one trial runs always";
  core::VariantConfig variant;
  variant.training.processes = 4;
  EXPECT_EQ(processes_of(variant), 4);
  variant.ensemble = {"a", "b"};
  EXPECT_EQ(processes_of(variant), 1) << "an ensemble trains nothing";
}

TEST(Allocation, ATrialGoesOnWithTheThreadsThatItBeganWith) {
  const tests::TemporaryFolder folder;
  trial::EventWriter(folder / core::kAttemptsFile)
      .append("started", {{"attempt", 1}, {"environment", {{"threads", 3}}}});
  EXPECT_EQ(threads_begun_with(folder.path()), 0) << "without a checkpoint it starts from its beginning";
  std::ofstream(folder / core::kCheckpointFile) << "x";
  EXPECT_EQ(threads_begun_with(folder.path()), 3);
}

}  // namespace
}  // namespace segbench::run
