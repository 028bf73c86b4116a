// SPDX-License-Identifier: MIT
#include "harness/train/prediction.h"

#include <gtest/gtest.h>

#include <cmath>

#include "harness/core/counts.h"
#include "harness/core/error.h"
#include "harness/train/probability_observer.h"

namespace segbench::train {
namespace {

using torch::Tensor;

TEST(Predictions, TakesTheLargestLogitInEveryMemoryFormat) {
  torch::manual_seed(2);
  for (const int channels : {2, 5, 21}) {
    const Tensor logits = torch::randn({3, channels, 13, 7});
    const Tensor expected = logits.argmax(1).to(torch::kByte);
    EXPECT_TRUE(Prediction(logits).labels().equal(expected));
    EXPECT_TRUE(Prediction(logits.contiguous(torch::MemoryFormat::ChannelsLast)).labels().equal(expected));
    EXPECT_TRUE(Prediction(logits.to(torch::kDouble)).labels().equal(expected));
  }
}

TEST(Predictions, FirstOfEqualsAndSigmoidAboveOneHalf) {
  EXPECT_EQ(Prediction(torch::zeros({1, 4, 2, 2})).labels().max().item<int>(), 0);
  const Tensor z = torch::tensor({-1.0F, 0.0F, 0.1F, 30.0F}).view({1, 1, 2, 2});
  EXPECT_TRUE(Prediction(z).labels().equal(torch::tensor({0, 0, 1, 1}, torch::kByte).view({1, 2, 2})));
}

TEST(Predictions, ProbabilitiesAreTheSoftmaxAndAgreeWithTheLabels) {
  torch::manual_seed(3);
  for (const int channels : {1, 2, 5}) {
    const Prediction prediction(3 * torch::randn({2, channels, 9, 4}));
    const Tensor& probabilities = prediction.probabilities();
    EXPECT_EQ(probabilities.size(1), channels == 1 ? 2 : channels);
    EXPECT_TRUE(torch::allclose(probabilities.sum(1), torch::ones({2, 9, 4})));
    EXPECT_TRUE(probabilities.argmax(1).to(torch::kByte).equal(prediction.labels()));
  }
  const Tensor z = torch::tensor({-40.0F, 0.0F, 1.0F, 40.0F}).view({1, 1, 2, 2});
  const Tensor found = Prediction(z).probabilities();
  EXPECT_NEAR(found[0][1][0][0].item<double>(), std::exp(-40.0), 1e-22);
  EXPECT_NEAR(found[0][0][1][1].item<double>(), std::exp(-40.0), 1e-22);
  EXPECT_FLOAT_EQ(found[0][1][1][0].item<float>(), 1 / (1 + std::exp(-1.0F)));
}

TEST(Predictions, ASigmoidForEachClassGivesSharesOfTheSigmoids) {
  torch::manual_seed(4);
  const Tensor z = 3 * torch::randn({2, 5, 9, 4});
  const Prediction prediction(z, Head::kSigmoidPerClass);
  const Tensor sigmoids = torch::sigmoid(z);
  EXPECT_TRUE(torch::allclose(prediction.probabilities(), sigmoids / sigmoids.sum(1, true), 1e-4, 1e-6));
  EXPECT_TRUE(prediction.labels().equal(z.argmax(1).to(torch::kByte)));
  const Tensor p = torch::softmax(torch::randn({2, 5, 9, 4}), 1);
  const Prediction made = Prediction::of_probabilities(p, 5, Head::kSigmoidPerClass);
  EXPECT_TRUE(torch::allclose(torch::sigmoid(made.logits()), p, 1e-4, 1e-6));
  EXPECT_TRUE(made.labels().equal(p.argmax(1).to(torch::kByte)));
}

TEST(Predictions, AThresholdMovesTheBorderBetweenTwoClasses) {
  const Tensor z =
      torch::tensor({-2.0F, -1.0F, 0.0F, 1.0F}).view({1, 1, 2, 2});  // p = 0.119, 0.269, 0.5, 0.731
  const auto expected = [](std::vector<int> labels) {
    return torch::tensor(labels, torch::kByte).view({1, 2, 2});
  };
  EXPECT_TRUE(Prediction(z).labels_above(0.5).equal(Prediction(z).labels()));
  EXPECT_TRUE(Prediction(z).labels_above(0.2).equal(expected({0, 1, 1, 1})));
  EXPECT_TRUE(Prediction(z).labels_above(0.7).equal(expected({0, 0, 0, 1})));
  EXPECT_TRUE(
      Prediction(torch::cat({torch::zeros_like(z), z}, 1)).labels_above(0.2).equal(expected({0, 1, 1, 1})));
  EXPECT_THROW(Prediction(torch::zeros({1, 3, 2, 2})).labels_above(0.5), core::InternalError);
}

TEST(Predictions, OfProbabilitiesSayWhatTheirLogitsWouldSay) {
  torch::manual_seed(2);
  const Tensor logits = torch::randn({2, 4, 5, 6});
  const Prediction direct(logits), mixed = Prediction::of_probabilities(torch::softmax(logits, 1), 4);
  EXPECT_TRUE(mixed.labels().equal(direct.labels()));
  EXPECT_TRUE(torch::softmax(mixed.logits(), 1).allclose(direct.probabilities(), 1e-5, 1e-6));
  const Tensor z = torch::randn({2, 1, 5, 6});
  const Prediction binary(z), mixed_binary = Prediction::of_probabilities(binary.probabilities(), 1);
  EXPECT_TRUE(mixed_binary.logits().allclose(z, 1e-4, 1e-5));
  EXPECT_TRUE(mixed_binary.labels().equal(binary.labels()));
  const Tensor sure = torch::tensor({1.0F, 0.0F}).view({1, 2, 1, 1});
  EXPECT_TRUE(Prediction::of_probabilities(sure, 2).logits().isfinite().all().item<bool>());
}

TEST(Predictions, DecideAboveAThreshold) {
  const Tensor p = torch::tensor({0.3F, 0.55F, 0.6F}).view({1, 1, 1, 3});
  Prediction prediction = Prediction::of_probabilities(torch::cat({1 - p, p}, 1), 1);
  prediction.decide_above(0.55);
  // 0.55F widened to double is 0.55000001.
  EXPECT_TRUE(prediction.labels().equal(torch::tensor({0, 1, 1}, torch::kByte).view({1, 1, 3})));
}

TEST(Predictions, CalibrationLeavesVoidPixelsOut) {
  const Tensor z = torch::tensor({0.0F, 0.0F, 2.0F, 2.0F}).view({1, 1, 2, 2});
  Tensor labels = torch::tensor({0, 1, 1, 0}, torch::kByte).view({1, 2, 2});
  labels[0][1][1] = core::kVoidLabel;
  ProbabilityObserver observer;
  observer.add(Prediction(z), labels);
  // Two pixels of confidence 0.5, of which one is right; one of 0.881, right.
  const double p = 1 / (1 + std::exp(-2.0));
  EXPECT_NEAR(*observer.measures().calibration.expected_error(), (1 - p) / 3, 1e-7);
  EXPECT_NEAR(*observer.measures().calibration.negative_log_likelihood(),
              (2 * std::log(2.0) - std::log(p)) / 3, 1e-7);
}

}  // namespace
}  // namespace segbench::train
