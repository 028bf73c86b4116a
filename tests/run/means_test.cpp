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
                               int jobs, const std::vector<core::Gpu>& gpus = {}, int processes = 1) {
  std::vector<std::string> texts;
  for (const Place& place : places_in_job(settings, gpus, visible, jobs, processes))
    texts.push_back(place.visible + " x " + std::to_string(place.jobs));
  return texts;
}

TEST(PlacesInAJob, AreTheGpusThatItWasGiven) {
  EXPECT_THAT(given({}, "2,5", 2), ElementsAre("2 x 1", "5 x 1"));
  EXPECT_THAT(given({}, "2,5", 3), ElementsAre("2 x 2", "5 x 2"));
  EXPECT_THAT(given({}, "2,5", 1), ElementsAre("2 x 1", "5 x 1"));
  EXPECT_THAT(given({}, "MIG-1/2,MIG-3", 2), ElementsAre("MIG-1/2 x 1", "MIG-3 x 1"));
  EXPECT_THAT(given({}, "2", 2), IsEmpty()) << "its one GPU is the worker's device anyway";
  EXPECT_THAT(given({}, "", 2), IsEmpty());
  EXPECT_THAT(given({}, std::nullopt, 2), IsEmpty());
  study::RunSettings on_cpu;
  on_cpu.device = "cpu";
  EXPECT_THAT(given(on_cpu, "2,5", 2), IsEmpty());
}

TEST(PlacesInAJob, HaveRoomForEachProcessOfATrial) {
  EXPECT_THAT(given({}, "0,1,2,3", 2, {}, 2), ElementsAre("0 x 1", "1 x 1", "2 x 1", "3 x 1"));
  EXPECT_THAT(given({}, "0,1", 2, {}, 2), ElementsAre("0 x 2", "1 x 2")) << "two trials on both";
  EXPECT_THAT(given({}, "0,1", 1, {}, 4), ElementsAre("0 x 1", "1 x 1")) << "its processes share them";
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
  EXPECT_EQ(jobs_on({}, 0, 8, 1), 0) << "auto";
  EXPECT_EQ(jobs_on({}, 1, 8, 1), 0);
  EXPECT_EQ(jobs_on({}, 4, 8, 1), 4);
  EXPECT_EQ(jobs_on({}, 4, 8, 2), 2) << "of two processes each";
  EXPECT_EQ(jobs_on({}, 4, 8, 3), 1);
  EXPECT_EQ(jobs_on({}, 4, 8, 8), 1) << "which share the GPUs";
  study::RunSettings settings;
  settings.jobs = 6;
  EXPECT_EQ(jobs_on(settings, 4, 8, 1), 6);
  settings.devices = {"all"};
  settings.jobs_per_device = 2;
  EXPECT_EQ(jobs_on(settings, 4, 8, 1), 8);
  EXPECT_EQ(jobs_on(settings, 4, 8, 4), 2) << "on all four";
  settings.devices = {"cuda:0", "cuda:1"};
  settings.jobs_per_device = 0;
  EXPECT_EQ(jobs_on(settings, 2, 32, 1), 16) << "eight a GPU at most";
  EXPECT_EQ(jobs_on(settings, 2, 0, 1), 2) << "the number of CPUs is not known";
}

core::Variant variant_of(std::int64_t processes, std::vector<std::string> ensemble = {}) {
  core::Variant variant;
  variant.config.training.processes = processes;
  variant.config.ensemble = std::move(ensemble);
  return variant;
}

TEST(Processes, AreTheFewestOfTheTrialsThatTrain) {
  EXPECT_EQ(fewest_processes({variant_of(4), variant_of(2), variant_of(1, {"a", "b"})}), 2);
  EXPECT_EQ(fewest_processes(std::vector<core::Variant>{}), 1);
  PlannedTrial trial;
  trial.spec.variant = variant_of(3).config;
  EXPECT_EQ(fewest_processes({trial}), 3);
}

TEST(Processes, OfATrialTakeAPlaceEach) {
  const std::vector<Place> places(4, Place{.name = "", .device = "cuda:0", .jobs = 2});
  EXPECT_EQ(jobs_of({}, places, 1), 8);
  EXPECT_EQ(jobs_of({}, places, 2), 4);
  EXPECT_EQ(jobs_of({}, places, 16), 2) << "they are on all places, two trials at once";
  study::RunSettings settings;
  settings.jobs = 3;
  EXPECT_EQ(jobs_of(settings, {}, 2), 3) << "without places as many as asked for";
}

}  // namespace
}  // namespace segbench::run
