// SPDX-License-Identifier: MIT
#include "harness/train/runtime_settings.h"

#include <gtest/gtest.h>

#include "harness/train/blas.h"
#include "harness/train/checkpoint_clock.h"

namespace segbench::train {
namespace {

TEST(MemoryFormat, IsTheOneMeasuredToBeFaster) {
  using torch::MemoryFormat;
  EXPECT_EQ(measured_memory_format(1, true), MemoryFormat::Contiguous);
  EXPECT_EQ(measured_memory_format(1, false), MemoryFormat::Contiguous);
  EXPECT_EQ(measured_memory_format(2, true), MemoryFormat::ChannelsLast);
  EXPECT_EQ(measured_memory_format(2, false), MemoryFormat::Contiguous);
  const torch::Device gpu(torch::kCUDA, 0);
  EXPECT_EQ(memory_format_on(gpu), MemoryFormat::Contiguous);
  EXPECT_EQ(memory_format_on(gpu, "tf32"), MemoryFormat::ChannelsLast);
  EXPECT_EQ(memory_format_on(gpu, "bfloat16"), MemoryFormat::ChannelsLast);
  for (const auto format : {MemoryFormat::ChannelsLast, MemoryFormat::Contiguous})
    EXPECT_EQ(memory_format_of(name_of(format), MemoryFormat::Preserve), format);
  EXPECT_EQ(memory_format_of("", MemoryFormat::Contiguous), MemoryFormat::Contiguous);
}

TEST(BlasWarning, IsOnlyOfWhatCostsTime) {
  EXPECT_EQ(
      warning_about({"OpenBLAS 0.3.21", "/usr/lib/openblas-openmp/libblas.so.3", "Haswell", "openmp", 2}),
      std::nullopt);
  EXPECT_EQ(warning_about({"mkl", "", "", "", 0}), std::nullopt);
  const auto pool =
      warning_about({"OpenBLAS 0.3.21", "/usr/lib/openblas-pthread/libblas.so.3", "Haswell", "pthread", 2});
  ASSERT_TRUE(pool);
  EXPECT_EQ(pool->code, "blas_threads");
  EXPECT_NE(pool->remedy.find("libopenblas0-openmp"), std::string::npos);
  EXPECT_EQ(warning_about({"blas", "/usr/lib/x86_64-linux-gnu/blas/libblas.so.3.11.0", "", "", 0})->code,
            "blas_reference");
}

TEST(Checkpoints, OfNoSecondsAreWrittenAfterEveryEpochOnly) {
  const CheckpointClock clock(0);
  EXPECT_FALSE(clock.is_due());
  EXPECT_TRUE(clock.is_due_after_epoch());
  const CheckpointClock later(60);
  EXPECT_FALSE(later.is_due_after_epoch());
  const auto in_two_minutes = CheckpointClock::Clock::now() + std::chrono::minutes(2);
  EXPECT_TRUE(later.is_due(in_two_minutes));
  EXPECT_TRUE(later.is_due_after_epoch(in_two_minutes));
}

}  // namespace
}  // namespace segbench::train
