// SPDX-License-Identifier: MIT
#include "tests/architectures/counting.h"

namespace segbench::architectures {
namespace {

using namespace tests;

/// Two pre-activated 3x3 convolutions, and a 1x1 one with normalisation around them.
constexpr std::int64_t residual_unit(std::int64_t in, std::int64_t out) {
  return norm(in) + biased_conv(in, out, 3) + norm(out) + biased_conv(out, out, 3) + biased_conv(in, out, 1) +
         norm(out);
}

TEST(ResUNetOnAnEncoder, HasAResidualUnitAStage) {
  const std::int64_t decoder = residual_unit(512 + 256, 256) + residual_unit(256 + 128, 128) +
                               residual_unit(128 + 64, 64) + residual_unit(64 + 64, 32) +
                               residual_unit(32, 16);
  const NetworkSummary found = summary_of("resunet", "full", 21, {{"encoder", "resnet34"}});
  EXPECT_EQ(found.trainable, kResNet34 + decoder + biased_conv(16, 21, 1));
}

}  // namespace
}  // namespace segbench::architectures
