// SPDX-License-Identifier: MIT
#include "harness/core/text.h"

#include <gtest/gtest.h>

namespace segbench::core {
namespace {

using namespace std::chrono_literals;

TEST(DidYouMean, FindsTheNearestWordOrNothing) {
  const std::vector<std::string> words = {"learning_rate", "decay", "momentum"};
  EXPECT_EQ(did_you_mean("learnig_rate", words), " (did you mean \"learning_rate\"?)");
  EXPECT_EQ(did_you_mean("dceay", words), " (did you mean \"decay\"?)");
  EXPECT_EQ(did_you_mean("batch", words), "");
  EXPECT_EQ(did_you_mean("learn", words), " (did you mean \"learning_rate\"?)") << "how it begins";
  EXPECT_EQ(did_you_mean("le", words), "") << "too little to tell";
  EXPECT_EQ(did_you_mean("x", {}), "");
}

TEST(Human, NumbersReadWell) {
  EXPECT_EQ(human_bytes(512), "512 B");
  EXPECT_EQ(human_bytes(1536), "1.5 KiB");
  EXPECT_EQ(human_count(7'706'325), "7.71 M");
  EXPECT_EQ(human_count(401'564'629), "401.6 M");
  EXPECT_EQ(human_count(12), "12");
  EXPECT_EQ(human_duration(400ms), "0.4 s");
  EXPECT_EQ(human_duration(59.7s), "1 min 0 s");
  EXPECT_EQ(human_duration(125s), "2 min 5 s");
  EXPECT_EQ(human_duration(3h + 12min), "3 h 12 min");
}

TEST(UtcTimestamp, HasMilliseconds) {
  EXPECT_EQ(utc_timestamp(std::chrono::system_clock::time_point(1'700'000'000'042ms)),
            "2023-11-14T22:13:20.042Z");
}

TEST(Split, KeepsEmptyItems) {
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(split("", ','), (std::vector<std::string>{""}));
  EXPECT_EQ(trim("  a b \r\n"), "a b");
}

}  // namespace
}  // namespace segbench::core
