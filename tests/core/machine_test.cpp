// SPDX-License-Identifier: MIT
#include "harness/core/machine.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>

#include "harness/core/text.h"

namespace segbench::core {
namespace {

TEST(Machine, UsesNoMoreCpusThanThereAre) {
  EXPECT_GE(usable_cpus(), 1);
  EXPECT_LE(usable_cpus(), static_cast<int>(::sysconf(_SC_NPROCESSORS_CONF)));
}

TEST(Machine, ReadsCounters) {
  EXPECT_EQ(parse_counter("low 0\noom 3\noom_kill 2\n", "oom_kill"), 2);
  EXPECT_EQ(parse_counter("low 0\n", "oom_kill"), std::nullopt);
}

TEST(Machine, KnowsAProcessByItsCommandLine) {
  EXPECT_TRUE(process_mentions(::getpid(), program_invocation_short_name));
  EXPECT_FALSE(process_mentions(::getpid(), "0123456789abcdef"));
  EXPECT_FALSE(process_mentions(0, "test"));
}

TEST(Machine, MeasuresSinceATimeStamp) {
  const auto minute_ago = std::chrono::system_clock::now() - std::chrono::minutes(1);
  const auto seconds = seconds_since(utc_timestamp(minute_ago));
  ASSERT_TRUE(seconds);
  EXPECT_NEAR(*seconds, 60, 2);
  EXPECT_EQ(seconds_since("yesterday"), std::nullopt);
}

}  // namespace
}  // namespace segbench::core
