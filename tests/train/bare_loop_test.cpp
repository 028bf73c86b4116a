// SPDX-License-Identifier: MIT
#include "harness/train/bare_loop.h"

#include <gtest/gtest.h>

#include "tests/train/tiny_trial.h"

namespace segbench::train {
namespace {

TEST(BareLoop, DoesTheArithmeticOfATrialAndWritesNothing) {
  const tests::TinyTrials trials;
  const std::filesystem::path folder = trials.add("bare", tests::tiny_variant());
  const core::TrialSpec spec = core::read_trial_spec(folder / core::kTrialFile);
  BareLoop loop(spec, folder, torch::kCPU, torch::MemoryFormat::Contiguous);
  const core::Json found = loop.measure(2);
  EXPECT_EQ(found.at("steps"), steps_per_epoch(spec));
  ASSERT_EQ(found.at("train_s").size(), 2U);
  ASSERT_EQ(found.at("evaluate_s").size(), 2U);
  for (const char* what : {"train_s", "evaluate_s"}) {
    for (const double seconds : found.at(what)) EXPECT_GT(seconds, 0) << what;
  }
  EXPECT_GT(loop.evaluate_test(), 0);
  int files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++files;
  EXPECT_EQ(files, 1) << "the specification alone";
}

}  // namespace
}  // namespace segbench::train
