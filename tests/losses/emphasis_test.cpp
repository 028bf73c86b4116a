// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tests/losses/batches.h"

// Losses that look at more than one pixel or label at a time: borders, hard pixels, smoothed labels.

namespace segbench::losses {
namespace {

using core::Json;
using torch::Tensor;

double mean_of(const core::PartChoice& choice, const Batch& batch, int classes) {
  return make_loss(choice, {classes})->mean(batch.logits, batch.labels).item<double>();
}

/// One row of six pixels, of the classes 0 0 0 1 1 void.
Batch row() {
  torch::manual_seed(5);
  const Tensor labels =
      torch::tensor({0, 0, 0, 1, 1, int{core::kVoidLabel}}).to(torch::kByte).view({1, 1, 6});
  return {torch::randn({1, 2, 1, 6}, torch::kDouble), labels};
}

/// The cross-entropy of each pixel of row(), its last one left out.
std::vector<double> cross_entropies(const Batch& batch) {
  const Tensor log_p = torch::log_softmax(batch.logits, 1);
  std::vector<double> values;
  for (std::int64_t i = 0; i < 5; ++i)
    values.push_back(-log_p[0][batch.labels[0][0][i].item<std::int64_t>()][0][i].item<double>());
  return values;
}

TEST(BoundaryWeight, CountsPixelsMoreTheNearerAnotherClassIs) {
  const Batch batch = row();
  const std::vector<double> values = cross_entropies(batch), distances = {3, 2, 1, 1, 2};
  double above = 0, below = 0;
  for (std::size_t i = 0; i < 5; ++i) {
    const double weight = 1 + 4 * std::exp(-distances[i] * distances[i] / (2 * 1.5 * 1.5));
    above += weight * values[i];
    below += weight;
  }
  const Json params = {{"boundary_weight", 4}, {"boundary_sigma", 1.5}};
  EXPECT_NEAR(mean_of({"cross_entropy", params}, batch, 2), above / below, 1e-12);
}

TEST(BoundaryWeight, IsNoneInAnImageOfOneClass) {
  Batch batch = random_batch(5, 5);
  batch.labels.masked_fill_(batch.labels != core::kVoidLabel, 2);
  EXPECT_NEAR(mean_of({"cross_entropy", {{"boundary_weight", 4}}}, batch, 5),
              mean_of({"cross_entropy", Json::object()}, batch, 5), 1e-12);
}

TEST(Hardest, AreThePixelsOfEachImageWithTheLargestLoss) {
  const Batch batch = row();
  std::vector<double> values = cross_entropies(batch);
  std::sort(values.rbegin(), values.rend());
  for (const auto& [share, count] :
       std::vector<std::pair<double, int>>{{0.01, 1}, {0.4, 2}, {0.41, 3}, {1, 5}}) {
    const double expected = std::accumulate(values.begin(), values.begin() + count, 0.0) / count;
    EXPECT_NEAR(mean_of({"cross_entropy", {{"hardest", share}}}, batch, 2), expected, 1e-12) << share;
  }
  const double all = (values[0] + values[1]) / 3;  // 2 of 5 valid pixels, and the void one
  EXPECT_NEAR(
      mean_of({"cross_entropy", {{"hardest", 0.4}, {"weight_normalisation", "all_pixels"}}}, batch, 2), all,
      1e-12);
}

TEST(Hardest, AreChosenByTheWeightedLoss) {
  const Batch batch = row();
  std::vector<double> values = cross_entropies(batch);
  for (std::size_t i = 3; i < 5; ++i) values[i] *= 100;
  const double expected = std::max(values[3], values[4]) / 100;  // over its weight
  EXPECT_NEAR(mean_of({"cross_entropy", {{"hardest", 0.2}, {"class_weights", {1, 100}}}}, batch, 2), expected,
              1e-12);
}

TEST(LabelSmoothing, IsThatOfPyTorch) {
  const Batch batch = random_batch(5, 5);
  const auto options =
      torch::nn::functional::CrossEntropyFuncOptions().label_smoothing(0.2).ignore_index(255);
  const Tensor theirs =
      torch::nn::functional::cross_entropy(batch.logits, batch.labels.to(torch::kLong), options);
  EXPECT_NEAR(mean_of({"cross_entropy", {{"label_smoothing", 0.2}}}, batch, 5), theirs.item<double>(), 1e-12);
}

/// tf.keras.losses: labels * (1 - s) + s / C, or + s / 2 of a sigmoid; probabilities clipped.
TEST(LabelSmoothing, IsThatOfKeras) {
  const double clip = 1e-2;
  const Json params = {{"label_smoothing", 0.3}, {"clip", clip}};
  const Batch many = random_batch(5, 5);
  const Tensor valid = many.labels != core::kVoidLabel;
  Tensor y = torch::one_hot(many.labels.to(torch::kLong).masked_fill(~valid, 0), 5).permute({0, 3, 1, 2});
  Tensor smooth = y.to(torch::kDouble) * 0.7 + 0.3 / 5;
  Tensor p = torch::softmax(many.logits, 1).clamp(clip, 1 - clip);
  Tensor theirs = -(smooth * p.log()).sum(1).masked_select(valid).mean();
  EXPECT_NEAR(mean_of({"cross_entropy", params}, many, 5), theirs.item<double>(), 1e-12);

  const Batch binary = random_batch(1, 2);
  const Tensor there = binary.labels != core::kVoidLabel;
  smooth = (binary.labels == 1).to(torch::kDouble) * 0.7 + 0.15;
  p = torch::sigmoid(binary.logits.squeeze(1)).clamp(clip, 1 - clip);
  theirs = -(smooth * (p + clip).log() + (1 - smooth) * (1 - p + clip).log()).masked_select(there).mean();
  EXPECT_NEAR(mean_of({"binary_cross_entropy", params}, binary, 2), theirs.item<double>(), 1e-12);
}

/// The signed distances of the classes of row(), as in the authors' one_hot2dist().
TEST(Boundary, IsTheMeanOfProbabilitiesTimesSignedDistances) {
  const Batch batch = row();
  const std::vector<double> of_0 = {-2, -1, 0, 1, 2}, of_1 = {3, 2, 1, 0, -1};
  const Tensor p = torch::softmax(batch.logits, 1);
  double sum_0 = 0, sum_1 = 0;
  for (std::int64_t i = 0; i < 5; ++i) {
    sum_0 += p[0][0][0][i].item<double>() * of_0[static_cast<std::size_t>(i)] / 5;
    sum_1 += p[0][1][0][i].item<double>() * of_1[static_cast<std::size_t>(i)] / 5;
  }
  EXPECT_NEAR(mean_of({"boundary", Json::object()}, batch, 2), (sum_0 + sum_1) / 2, 1e-12);
  EXPECT_NEAR(mean_of({"boundary", {{"include_background", false}}}, batch, 2), sum_1, 1e-12);
}

TEST(Boundary, AClassWithoutABorderHasNoSay) {
  Batch batch = random_batch(5, 5);
  batch.labels.masked_fill_(batch.labels != core::kVoidLabel, 2);
  EXPECT_EQ(mean_of({"boundary", Json::object()}, batch, 5), 0);
}

TEST(BinaryCrossEntropy, OfASoftmaxIsTheMeanOverTheClasses) {
  const Batch batch = random_batch(5, 5);
  const Tensor valid = batch.labels != core::kVoidLabel;
  const Tensor y =
      torch::one_hot(batch.labels.to(torch::kLong).masked_fill(~valid, 0), 5).permute({0, 3, 1, 2});
  const Tensor p = torch::softmax(batch.logits, 1);
  const Tensor theirs = -(y * p.log() + (1 - y) * (1 - p).log()).mean(1).masked_select(valid).mean();
  EXPECT_NEAR(mean_of({"binary_cross_entropy", {{"head", "softmax"}}}, batch, 5), theirs.item<double>(),
              1e-10);
}

}  // namespace
}  // namespace segbench::losses
