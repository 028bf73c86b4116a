// SPDX-License-Identifier: MIT
#include "harness/train/gradients.h"

#include <gtest/gtest.h>

#include <cmath>

#include "harness/train/moving_average.h"

namespace segbench::train {
namespace {

using torch::Tensor;

NamedTensors two_gradients() {
  return {{"a", torch::tensor({3.0, -1.0})}, {"b", torch::tensor({{0.5}, {-4.0}})}};
}

TEST(ClipGradients, ToAValue) {
  const NamedTensors gradients = two_gradients();
  clip_gradients(gradients, 2.0, std::nullopt);
  EXPECT_TRUE(gradients[0].second.equal(torch::tensor({2.0, -1.0})));
  EXPECT_TRUE(gradients[1].second.equal(torch::tensor({{0.5}, {-2.0}})));
}

TEST(ClipGradients, ToANormOfAllTogether) {
  const NamedTensors gradients = two_gradients();
  const double norm = std::sqrt(9 + 1 + 0.25 + 16);
  clip_gradients(gradients, std::nullopt, 2.0);
  EXPECT_TRUE(gradients[0].second.allclose(torch::tensor({3.0, -1.0}) * 2.0 / norm));
  EXPECT_TRUE(gradients[1].second.allclose(torch::tensor({{0.5}, {-4.0}}) * 2.0 / norm));
}

TEST(ClipGradients, LeavesASmallNormAlone) {
  const NamedTensors gradients = two_gradients();
  clip_gradients(gradients, std::nullopt, 100.0);
  EXPECT_TRUE(gradients[0].second.equal(two_gradients()[0].second));
}

TEST(ClipGradients, ByValueBeforeTheNorm) {
  const NamedTensors gradients = two_gradients();
  clip_gradients(gradients, 1.0, 1.0);
  const double norm = std::sqrt(1 + 1 + 0.25 + 1);
  EXPECT_TRUE(gradients[1].second.allclose(torch::tensor({{0.5}, {-1.0}}) / norm));
}

TEST(ClipGradients, WhatIsNoNumberStaysNone) {
  const NamedTensors gradients = {{"a", torch::tensor({1.0, std::nan("")})}};
  clip_gradients(gradients, 1.0, 1.0);
  EXPECT_TRUE(gradients[0].second.isnan().any().item<bool>());
}

TEST(GradientsOf, AreThoseThatAreThere) {
  Tensor learns = torch::ones({2}).requires_grad_(true), idle = torch::ones({2}).requires_grad_(true);
  learns.sum().backward();
  const NamedTensors found = gradients_of({{"learns", learns}, {"idle", idle}, {"buffer", torch::ones({2})}});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].first, "learns");
}

TEST(MovingAverage, StartsFastAndForgetsByItsDecay) {
  const NamedTensors average = {{"w", torch::zeros({1}, torch::kDouble)},
                                {"steps", torch::zeros({1}, torch::kLong)}};
  NamedTensors weights = {{"w", torch::ones({1}, torch::kDouble)},
                          {"steps", torch::full({1}, 7, torch::kLong)}};
  move_average(average, weights, 0.9, 1);  // d = 2 / 11
  EXPECT_NEAR(average[0].second.item<double>(), 9.0 / 11, 1e-15);
  EXPECT_EQ(average[1].second.item<std::int64_t>(), 7);
  move_average(average, weights, 0.9, 1000);
  EXPECT_NEAR(average[0].second.item<double>(), 1 - (1 - 9.0 / 11) * 0.9, 1e-15);
}

TEST(ExchangeValues, LeavesTheTensorsWhereTheyAre) {
  NamedTensors a = {{"w", torch::ones({2})}}, b = {{"w", torch::zeros({2})}};
  const Tensor held_a = a[0].second, held_b = b[0].second;
  exchange_values(a, b);
  EXPECT_TRUE(held_a.equal(torch::zeros({2})));
  EXPECT_TRUE(held_b.equal(torch::ones({2})));
}

TEST(MovingAverage, OfWhatDoesNotMoveIsExact) {
  const Tensor frozen = torch::randn({1000});
  const NamedTensors average = {{"w", frozen.clone()}}, weights = {{"w", frozen}};
  for (int update = 1; update < 50; ++update) move_average(average, weights, 0.99, update);
  EXPECT_TRUE(average[0].second.equal(frozen));
}

}  // namespace
}  // namespace segbench::train
