// SPDX-License-Identifier: MIT
#include "harness/run/means.h"

#include <gmock/gmock.h>

#include "harness/core/error.h"
#include "tests/support/fake_gpus.h"

namespace segbench::run {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> given(const study::RunSettings& settings, const std::optional<std::string>& visible,
                               int jobs, const std::vector<core::Gpu>& gpus = {}) {
  std::vector<std::string> texts;
  for (const Place& place : places_in_job(settings, gpus, visible, jobs))
    texts.push_back(place.visible + " x " + std::to_string(place.jobs));
  return texts;
}

TEST(PlacesInAJob, AreTheGpusThatItWasGiven) {
  EXPECT_THAT(given({}, "2,5", 2), ElementsAre("2 x 1", "5 x 1"));
  EXPECT_THAT(given({}, "2,5", 3), ElementsAre("2 x 2", "5 x 2"));
  EXPECT_THAT(given({}, "2,5", 1), ElementsAre("2 x 1")) << "one trial at a time is asked for";
  EXPECT_THAT(given({}, "MIG-1/2,MIG-3", 2), ElementsAre("MIG-1/2 x 1", "MIG-3 x 1"));
  EXPECT_THAT(given({}, "2", 2), IsEmpty()) << "its one GPU is the worker's device anyway";
  EXPECT_THAT(given({}, "", 2), IsEmpty());
  EXPECT_THAT(given({}, std::nullopt, 2), IsEmpty());
  study::RunSettings on_cpu;
  on_cpu.device = "cpu";
  EXPECT_THAT(given(on_cpu, "2,5", 2), IsEmpty());
}

TEST(PlacesInAJob, FollowTheStudyAmongThose) {
  study::RunSettings settings;
  settings.devices = {"cuda:1"};
  settings.jobs_per_device = 3;
  EXPECT_THAT(given(settings, "2,5", 1), ElementsAre("5 x 3"));
  settings.devices = {"all"};
  EXPECT_THAT(given(settings, "5", 1), ElementsAre("5 x 3"));
  EXPECT_THROW(given(settings, std::nullopt, 1), core::UserError);
}

TEST(PlacesInAJob, AreNamedByTheDriverWhereThereIsOne) {
  const tests::FakeGpus fakes(tests::kTwoGpus, SEGBENCH_FAKE_NVML);
  const std::vector<core::Gpu> gpus = core::read_gpus(SEGBENCH_FAKE_NVML).gpus;
  EXPECT_THAT(given({}, "1,0", 2, gpus), ElementsAre("GPU-bbbb2222 x 1", "GPU-aaaa1111 x 1"));
}

TEST(JobsOnAnotherMachine, AreOneAGpuUnlessAskedFor) {
  EXPECT_EQ(jobs_on({}, 0, 8), 0) << "auto";
  EXPECT_EQ(jobs_on({}, 1, 8), 0);
  EXPECT_EQ(jobs_on({}, 4, 8), 4);
  study::RunSettings settings;
  settings.jobs = 6;
  EXPECT_EQ(jobs_on(settings, 4, 8), 6);
  settings.devices = {"all"};
  settings.jobs_per_device = 2;
  EXPECT_EQ(jobs_on(settings, 4, 8), 8);
  settings.devices = {"cuda:0", "cuda:1"};
  settings.jobs_per_device = 0;
  EXPECT_EQ(jobs_on(settings, 2, 32), 16) << "eight a GPU at most";
  EXPECT_EQ(jobs_on(settings, 2, 0), 2) << "the number of CPUs is not known";
}

}  // namespace
}  // namespace segbench::run
