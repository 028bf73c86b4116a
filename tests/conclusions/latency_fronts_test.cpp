// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/conclusions/front_draws.h"
#include "tests/conclusions/made_up_study.h"

namespace segbench::conclusions {
namespace {

store::LatencyRecord latency_of(const std::string& trial, std::int64_t batch, double seconds,
                                const std::string& session = "profiles/2") {
  return {.session = session,
          .trial_id = trial,
          .engine = "pytorch",
          .precision = "float32",
          .memory_format = "contiguous",
          .device = "cpu",
          .batch = batch,
          .height = 64,
          .width = 96,
          .threads = 2,
          .seconds = {{1, {0.9 * seconds, seconds, 5 * seconds}}, {2, {seconds, 1.2 * seconds}}}};
}

StudyInputs profiled_study(std::vector<store::LatencyRecord> rows) {
  std::vector<TrialInputs> trials;
  for (const std::uint64_t seed : {1, 2, 3}) {
    const double luck = 0.001 * static_cast<double>(seed);
    trials.push_back(trial_of("fast", seed, 0.6 + luck));
    trials.push_back(trial_of("slow", seed, 0.8 - luck));
    trials.push_back(trial_of("useless", seed, 0.5 + luck));
  }
  StudyInputs inputs = study_of(trials);
  inputs.latencies = std::move(rows);
  return inputs;
}

std::vector<LatencyFront> fronts_of(const StudyInputs& inputs) {
  return latency_fronts(inputs,
                        conclude(inputs, {.metric = "pixel_accuracy", .split = "test", .allowed = {}}));
}

TEST(LatencyFronts, SayWhichVariantsAreWorthTheirTime) {
  const std::vector<LatencyFront> fronts = fronts_of(profiled_study(
      {latency_of("slow-1", 1, 0.03), latency_of("fast-1", 1, 0.01), latency_of("useless-2", 1, 0.02),
       latency_of("slow-1", 8, 0.3), latency_of("fast-1", 8, 0.1)}));
  ASSERT_EQ(fronts.size(), 2u) << "one a batch size";
  EXPECT_EQ(fronts[0].what, "pytorch, batch 1, 64 × 96, float32, cpu, 2 threads") << "that of most variants";
  const std::vector<Front::Line>& lines = fronts[0].front.lines;
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].variant, "fast");
  EXPECT_NEAR(lines[0].cost, (0.01 + 0.011) / 2, 1e-12) << "the mean of the medians of its rounds";
  EXPECT_TRUE(lines[0].is_on && lines[2].is_on);
  EXPECT_FALSE(lines[1].is_on) << "useless: slower than the fast one, and worse";
  EXPECT_DOUBLE_EQ(lines[1].probability, 0.0);
  EXPECT_NEAR(lines[2].probability, 1, 1e-9);
}

TEST(LatencyFronts, TakeTheNewestSessionThatComparesVariants) {
  const std::vector<LatencyFront> fronts = fronts_of(profiled_study(
      {latency_of("slow-1", 1, 0.03, "profiles/3"), latency_of("slow-1", 1, 0.04, "profiles/2"),
       latency_of("fast-1", 1, 0.02, "profiles/2"), latency_of("fast-1", 1, 9, "profiles/1"),
       latency_of("slow-1", 1, 9, "profiles/1")}));
  ASSERT_EQ(fronts.size(), 1u);
  EXPECT_LT(fronts[0].front.lines[1].cost, 1);
  EXPECT_THAT(fronts_of(profiled_study({latency_of("slow-1", 1, 0.03), latency_of("nobody", 1, 0.01)})),
              testing::IsEmpty());
}

}  // namespace
}  // namespace segbench::conclusions
