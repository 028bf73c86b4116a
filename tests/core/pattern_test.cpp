// SPDX-License-Identifier: MIT
#include "harness/core/pattern.h"

#include <gtest/gtest.h>

#include <string>

namespace segbench::core {
namespace {

TEST(Pattern, StarsAndQuestionMarks) {
  EXPECT_TRUE(matches_pattern("head.*", "head.weight"));
  EXPECT_TRUE(matches_pattern("*.bias", "a.b.bias"));
  EXPECT_TRUE(matches_pattern("*", ""));
  EXPECT_TRUE(matches_pattern("layer?.*.weight", "layer4.0.conv1.weight"));
  EXPECT_FALSE(matches_pattern("head", "head.weight"));
  EXPECT_FALSE(matches_pattern("*.weight", "a.weights"));
  EXPECT_FALSE(matches_pattern("?", ""));
  EXPECT_FALSE(matches_pattern(std::string(2000, '*') + "b", std::string(2000, 'a')));
}

}  // namespace
}  // namespace segbench::core
