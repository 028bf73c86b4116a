// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "harness/core/counts.h"
#include "harness/core/part.h"
#include "harness/losses/per_class.h"
#include "tests/losses/batches.h"

// Heads with a sigmoid for each class: each class is a problem of two classes of its own, its pixels against
// all others. What the oracles say of one sigmoid is so held for many.

namespace segbench::losses {
namespace {

using core::Json;
using torch::Tensor;

constexpr int kMany = 4;

/// Labels of one class against all others.
Tensor against_others(const Tensor& labels, int of_class) {
  return torch::where(labels == core::kVoidLabel, labels, (labels == of_class).to(torch::kByte));
}

Tensor mean_with_gradient(const core::PartChoice& choice, const Tensor& logits, const Tensor& labels,
                          int classes, Tensor& gradient) {
  const Tensor leaf = logits.detach().clone().requires_grad_(true);
  const Tensor value = make_loss(choice, {classes})->mean(leaf, labels);
  value.backward();
  gradient = leaf.grad();
  return value.detach();
}

/// Losses with a head that are means over pixels.
std::vector<std::string> pixel_losses() {
  std::vector<std::string> names;
  for (const core::PartSpec* spec : core::PartRegistry::instance().all(core::PartKind::kLoss)) {
    const bool has_head = std::any_of(spec->params.begin(), spec->params.end(),
                                      [](const core::ParamSpec& param) { return param.name == "head"; });
    if (has_head && core::traits_of(*spec, Json::object()).at("over") == "pixels")
      names.push_back(spec->name);
  }
  return names;
}

TEST(PerClass, MeansOverPixelsAreThoseOfEachClassAgainstAllOthers) {
  const Batch batch = random_batch(kMany, kMany);
  EXPECT_GE(pixel_losses().size(), 10U);
  for (const std::string& name : pixel_losses()) {
    SCOPED_TRACE(name);
    Tensor gradient, sum = torch::zeros({}, torch::kDouble);
    std::vector<Tensor> gradients;
    for (int c = 0; c < kMany; ++c) {
      Tensor of_class;
      sum = sum + mean_with_gradient({name, {{"head", "sigmoid"}}}, batch.logits.narrow(1, c, 1),
                                     against_others(batch.labels, c), 2, of_class);
      gradients.push_back(of_class);
    }
    const Tensor value =
        mean_with_gradient({name, {{"head", kSigmoidPerClass}}}, batch.logits, batch.labels, kMany, gradient);
    EXPECT_NEAR(value.item<double>(), sum.item<double>() / kMany, 1e-9);
    EXPECT_TRUE(gradient.allclose(torch::cat(gradients, 1) / kMany, 1e-7, 1e-9));
  }
}

TEST(PerClass, BinaryCrossEntropyIsThatOfLibTorch) {
  const Batch batch = random_batch(kMany, kMany);
  const Tensor valid = batch.labels != core::kVoidLabel;
  const Tensor rows = batch.logits.permute({0, 2, 3, 1}).index({valid});
  const Tensor targets = torch::one_hot(batch.labels.to(torch::kLong).masked_fill(~valid, 0), kMany)
                             .index({valid})
                             .to(rows.dtype());
  const Tensor theirs = torch::binary_cross_entropy_with_logits(rows, targets);
  Tensor gradient;
  const Tensor ours = mean_with_gradient({"binary_cross_entropy", {{"head", kSigmoidPerClass}}}, batch.logits,
                                         batch.labels, kMany, gradient);
  EXPECT_NEAR(ours.item<double>(), theirs.item<double>(), 1e-9);
}

TEST(PerClass, DiceTakesEachSigmoidAlone) {
  const Batch batch = random_batch(kMany, kMany);
  const Tensor valid = (batch.labels != core::kVoidLabel).unsqueeze(1);
  const Tensor p = torch::sigmoid(batch.logits) * valid;
  double expected = 0;
  for (int c = 0; c < kMany; ++c) {
    const Tensor own = p.select(1, c), y = (batch.labels == c).to(torch::kDouble);
    expected += 1 - 2 * (own * y).sum().item<double>() / (own.sum() + y.sum()).item<double>();
  }
  Tensor gradient;
  const Tensor ours = mean_with_gradient({"dice", {{"head", kSigmoidPerClass}, {"smooth", 0}}}, batch.logits,
                                         batch.labels, kMany, gradient);
  EXPECT_NEAR(ours.item<double>(), expected / kMany, 1e-9);
  // The probabilities do not compete: raising one logit leaves the other classes' share of the loss.
  EXPECT_FALSE(gradient.sum(1).abs().max().item<double>() < 1e-12) << "as the gradient of a softmax would";
}

}  // namespace
}  // namespace segbench::losses
