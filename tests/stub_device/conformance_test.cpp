// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "harness/conformance/check.h"
#include "tests/support/stub_device.h"

// A device that computes wrongly is found out: on one that is none, and wrong by as much as it is told.

namespace segbench::conformance {
namespace {

using core::Json;
namespace stub = tests::stub;

Json check(const std::vector<std::string>& only) {
  return check_device({.device = stub::kDevice, .only = only});
}

/// What fails: "networks float32 values", ….
std::set<std::string> failures(const Json& found) {
  std::set<std::string> all;
  for (const Json& one : found.at("failures")) {
    EXPECT_FALSE(one.contains("message")) << one;
    all.insert(one.value("kind", "") + " " + one.value("precision", "") + " " + one.value("what", ""));
  }
  return all;
}

class Conformance : public testing::Test {
 protected:
  ~Conformance() override { stub::record().convolution_times = stub::record().gradient_times = 1; }
};

TEST_F(Conformance, FindsNothingWrongWithADeviceThatIsRight) {
  const int operations = stub::record().operations;
  const Json found = check({"unet", "segnet", "cross_entropy", "dice", "optimizers"});
  EXPECT_EQ(failures(found), std::set<std::string>()) << found.at("failures");
  EXPECT_GT(stub::record().operations, operations + 1000) << "it computed on the device";
  EXPECT_GT(found.at("checked").at("networks"), 3);
  EXPECT_GT(found.at("checked").at("losses"), 3);
  EXPECT_GT(found.at("checked").at("optimizers"), 20);
}

TEST_F(Conformance, FindsConvolutionsThatAreWrong) {
  stub::record().convolution_times = 1.001;  // as much as ten bits of mantissa make of it
  const std::set<std::string> found = failures(check({"fcn", "cross_entropy"}));
  EXPECT_TRUE(found.contains("networks float32 values"));
  EXPECT_TRUE(found.contains("networks float64 values"));
  EXPECT_FALSE(found.contains("losses float32 values")) << "which have none";
}

TEST_F(Conformance, FindsGradientsThatAreWrongByLittle) {
  stub::record().gradient_times = 1.00001;
  const std::set<std::string> found = failures(check({"fcn"}));
  EXPECT_EQ(found, std::set<std::string>{"networks float64 gradients"}) << "single precision hides it";
  stub::record().gradient_times = 1.5;
  EXPECT_TRUE(failures(check({"fcn"})).contains("networks float32 gradients"));
}

TEST_F(Conformance, FindsWhatIsNoNumberAndWhatFails) {
  stub::record().convolution_times = std::numeric_limits<double>::quiet_NaN();
  const Json found = check({"fcn"});
  ASSERT_FALSE(found.at("failures").empty());
  EXPECT_EQ(found.at("failures")[0].at("error"), "infinite");
  stub::record().convolution_times = 1;
  stub::record().failure = "CUDA error: made up\nwith more lines";
  stub::record().fails_at = stub::record().operations + 10;
  const Json broken = check({"fcn"});
  stub::record().fails_at = -1;
  ASSERT_FALSE(broken.at("failures").empty());
  EXPECT_EQ(broken.at("failures")[0].at("message"), "CUDA error: made up");
}

}  // namespace
}  // namespace segbench::conformance
