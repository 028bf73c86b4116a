// SPDX-License-Identifier: MIT
#include "harness/run/places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "tests/support/fake_gpus.h"

namespace segbench::run {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::FakeGpus;

std::vector<core::Gpu> two_gpus() {
  const FakeGpus fakes(tests::kTwoGpus, SEGBENCH_FAKE_NVML);
  return core::read_gpus(SEGBENCH_FAKE_NVML).gpus;
}

std::vector<std::string> described(const std::vector<Place>& places) {
  std::vector<std::string> texts;
  for (const Place& place : places)
    texts.push_back(place.name + ", " + place.device + " of " + place.visible + " x " +
                    std::to_string(place.jobs) + (place.is_asked ? " if there is room" : ""));
  return texts;
}

std::vector<Place> places_of(std::vector<std::string> devices, int jobs_per_device = 1,
                             const std::optional<std::string>& visible = {},
                             const std::vector<core::Gpu>& gpus = two_gpus()) {
  study::RunSettings settings;
  settings.devices = std::move(devices);
  settings.jobs_per_device = jobs_per_device;
  return make_places(settings, gpus, visible, /*cpus=*/8);
}

std::string refusal(std::vector<std::string> devices, const std::optional<std::string>& visible = {},
                    const std::vector<core::Gpu>& gpus = two_gpus()) {
  try {
    places_of(std::move(devices), 1, visible, gpus);
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "";
}

TEST(Places, AreWhatTheStudyAsksFor) {
  EXPECT_TRUE(places_of({}).empty());
  EXPECT_THAT(described(places_of({"all"})),
              ElementsAre("cuda:0 (NVIDIA Fake 90), cuda:0 of GPU-aaaa1111 x 1",
                          "cuda:1 (NVIDIA Fake 90), cuda:0 of GPU-bbbb2222 x 1"));
  EXPECT_THAT(described(places_of({"cuda:1"}, 3)),
              ElementsAre("cuda:1 (NVIDIA Fake 90), cuda:0 of GPU-bbbb2222 x 3"));
  EXPECT_THAT(described(places_of({"GPU-aaaa1111"}, 0)),
              ElementsAre("cuda:0 (NVIDIA Fake 90), cuda:0 of GPU-aaaa1111 x 8 if there is room"));
  EXPECT_EQ(places_of({"all"}, 0)[0].jobs, 4) << "of eight CPUs for two GPUs";
}

TEST(Places, AreAmongThoseThatThisProcessMaySee) {
  EXPECT_THAT(described(places_of({"all"}, 1, "1")),
              ElementsAre("cuda:0 (NVIDIA Fake 90), cuda:0 of GPU-bbbb2222 x 1"));
  EXPECT_THAT(refusal({"cuda:1"}, "1"),
              HasSubstr("there is no \"cuda:1\"; there are cuda:0 (NVIDIA Fake 90)"));
  EXPECT_THAT(refusal({"all"}, ""), HasSubstr("no GPU"));
  EXPECT_THAT(refusal({"all"}, {}, {}), HasSubstr("there is no GPU that the NVIDIA driver tells of"));
  EXPECT_THAT(refusal({"cuda:0", "GPU-aaaa1111"}), HasSubstr("names cuda:0 (NVIDIA Fake 90) twice"));
}

TEST(Places, OfAnExclusiveGpuTakeOneJob) {
  const FakeGpus fakes("GPU-a|Fake|80000|80000|0|3|0|0|0|\nGPU-b|Fake|80000|80000|0|2|0|0|0|\n",
                       SEGBENCH_FAKE_NVML);
  const std::vector<core::Gpu> gpus = core::read_gpus(SEGBENCH_FAKE_NVML).gpus;
  const std::vector<Place> places = places_of({"all"}, 4, {}, gpus);
  ASSERT_EQ(places.size(), 1U) << "the other one lets nobody in";
  EXPECT_EQ(places[0].jobs, 1);
}

TEST(Places, AreToldToBePartsOfGpus) {
  const std::vector<core::Gpu> named = named_gpus("3,MIG-aaaa");
  EXPECT_FALSE(places_of({"all"}, 1, "3,MIG-aaaa", named)[0].is_part);
  EXPECT_TRUE(places_of({"all"}, 1, "3,MIG-aaaa", named)[1].is_part);
}

TEST(Room, IsMemoryAndTimeThatAreFree) {
  const std::vector<core::Gpu> gpus = two_gpus();
  const std::vector<Place> places = places_of({"all"}, 0);
  constexpr std::int64_t kGiB = std::int64_t{1} << 30;
  EXPECT_TRUE(admit(places[0], 2 * kGiB, seconds(30), gpus));
  EXPECT_FALSE(admit(places[0], 2 * kGiB, seconds(5), gpus)) << "the last one has not shown itself yet";
  EXPECT_FALSE(admit(places[0], 60 * kGiB, seconds(30), gpus)) << "half as much again would not fit";
  EXPECT_FALSE(admit(places[1], kGiB / 4, seconds(30), gpus)) << "it is busy all the time";
  EXPECT_FALSE(admit(places[0], kGiB, seconds(30), {})) << "a GPU that is lost";
  core::Gpu part = gpus[0];
  part.utilisation.reset();
  EXPECT_TRUE(has_room(part, kGiB, seconds(30))) << "parts do not tell how busy they are";
}

}  // namespace
}  // namespace segbench::run
