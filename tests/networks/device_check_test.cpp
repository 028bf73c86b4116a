// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "harness/conformance/check.h"
#include "harness/conformance/compare.h"
#include "harness/core/error.h"
#include "harness/core/part.h"

// The comparison of a device with the CPU, with the CPU as the device; tests/stub_device has one that is
// wrong.

namespace segbench::conformance {
namespace {

using core::Json;
using torch::Tensor;

TEST(Distance, IsRelativeToEachTensor) {
  const Tensor large = torch::full({4}, 100.0), small = torch::full({2, 2}, 1.0);
  EXPECT_EQ(distance({{"a", large}, {"b", small}}, {{"a", large}, {"b", small}}), 0);
  EXPECT_NEAR(distance({{"a", large}, {"b", small * 1.01}}, {{"a", large}, {"b", small}}), 0.01, 1e-7);
  EXPECT_NEAR(distance({{"a", large * 1.03}, {"b", small * 1.01}}, {{"a", large}, {"b", small}}), 0.03, 1e-6);
  const Tensor rounding = torch::full({2, 2}, 1e-6), nothing = torch::zeros({2, 2});
  EXPECT_NEAR(distance({{"a", large}, {"b", rounding}}, {{"a", large}, {"b", nothing}}), 1e-4, 1e-8)
      << "of a ten-thousandth of the largest tensor";
}

TEST(Distance, OfWhatIsNoNumberIsInfinite) {
  const double infinity = std::numeric_limits<double>::infinity();
  const Tensor one = torch::ones({2}), wrong = torch::tensor({1.0, std::numeric_limits<double>::quiet_NaN()});
  EXPECT_EQ(distance({{"a", wrong}}, {{"a", one}}), infinity);
  EXPECT_EQ(distance({{"a", torch::full({2}, infinity)}}, {{"a", one}}), infinity);
  EXPECT_THROW(distance({{"a", one}}, {{"b", one}}), core::InternalError);
  EXPECT_THROW(distance({{"a", torch::ones({3})}}, {{"a", one}}), core::InternalError);
}

TEST(DeviceCheck, TakesEveryRegisteredPart) {
  const Json losses = check_device({.only = {"losses"}});
  EXPECT_TRUE(losses.at("failures").empty()) << losses.at("failures");
  EXPECT_GE(losses.at("checked").at("losses"),
            core::PartRegistry::instance().names(core::PartKind::kLoss).size());
  EXPECT_EQ(losses.at("checked").at("networks"), 0);
  ASSERT_EQ(losses.at("worst").size(), 4U) << "values and gradients in two precisions";
  for (const Json& worst : losses.at("worst"))
    EXPECT_LE(worst.at("error").get<double>(), worst.at("allowed").get<double>());
}

TEST(DeviceCheck, IsSharedWithoutRest) {
  int all = 0;
  for (const int share : {1, 2, 3})
    all += check_device({.only = {"optimizers"}, .share = share, .shares = 3})
               .at("checked")
               .at("optimizers")
               .get<int>();
  EXPECT_EQ(all, check_device({.only = {"optimizers"}}).at("checked").at("optimizers"));
}

TEST(DeviceCheck, RefusesWhatItDoesNotKnow) {
  try {
    check_device({.only = {"unett"}});
    ADD_FAILURE() << "not refused";
  } catch (const core::UserError& error) {
    EXPECT_THAT(error.what(),
                testing::HasSubstr("there is no \"unett\" (did you mean \"unet\"?); there are "));
  }
}

}  // namespace
}  // namespace segbench::conformance
