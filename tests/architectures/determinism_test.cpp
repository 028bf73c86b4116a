// SPDX-License-Identifier: MIT
#include "architectures/networks/determinism.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace segbench::architectures {
namespace {

std::vector<std::string> of(const std::string& name) {
  return unordered_on_gpu({.architecture = name, .in_channels = 3, .num_outputs = 3});
}

TEST(OrderOnAGpu, IsLostByFewOperations) {
  EXPECT_TRUE(of("unet").empty()) << "convolutions, nearest up-sampling and pooling without overlap repeat";
  EXPECT_THAT(of("deeplabv3"), testing::Contains("bilinear up-sampling"));
  EXPECT_THAT(of("segnet"), testing::Contains("max unpooling"));
  EXPECT_THAT(of("pspnet"), testing::Contains("adaptive average pooling"));
}

}  // namespace
}  // namespace segbench::architectures
