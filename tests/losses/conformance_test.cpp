// SPDX-License-Identifier: MIT
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/core/counts.h"
#include "harness/core/part.h"
#include "harness/losses/per_class.h"
#include "tests/losses/batches.h"

// What every loss keeps to, over all that are registered and by the traits that they declare.

namespace segbench::losses {
namespace {

using core::Json;
using torch::Tensor;

using Case = conformance::LossCase;

std::vector<Case> all_cases() {
  return conformance::every_loss();
}

/// Losses of a batch that are functions of sums over its images.
std::vector<Case> cases_of_sums() {
  std::vector<Case> cases = all_cases();
  std::erase_if(cases, [](const Case& c) { return !c.traits.value("sums", true); });
  return cases;
}

std::vector<Case> cases_with(const char* trait, const Json& value) {
  std::vector<Case> cases = all_cases();
  std::erase_if(cases, [&](const Case& c) { return !c.is(trait, value); });
  return cases;
}

TEST(LossConformance, EveryDescriptionHasAnImplementation) {
  EXPECT_EQ(LossFactory::instance().names(), core::PartRegistry::instance().names(core::PartKind::kLoss));
}

TEST(LossConformance, EveryLossTakesClassWeights) {
  for (const core::PartSpec* spec : core::PartRegistry::instance().all(core::PartKind::kLoss)) {
    const bool weighs =
        std::any_of(spec->params.begin(), spec->params.end(), [](const core::ParamSpec& param) {
          return param.name == "class_weights" || param.part_of == core::PartKind::kLoss;
        });
    EXPECT_TRUE(weighs) << spec->name;
  }
}

TEST(LossConformance, EveryTraitHasSomethingToTest) {
  for (const char* head : {"softmax", "sigmoid", kSigmoidPerClass})
    EXPECT_FALSE(cases_with("head", head).empty()) << head;
  for (const char* over : {"pixels", "images", "batch", "terms"})
    EXPECT_FALSE(cases_with("over", over).empty()) << over;
  for (const bool fused : {true, false}) EXPECT_FALSE(cases_with("fused", fused).empty()) << fused;
  EXPECT_LT(cases_of_sums().size(), all_cases().size());
}

TEST(LossConformance, GradientAgreesWithCentralDifferences) {
  for (const Case& c : all_cases()) {
    SCOPED_TRACE(c.name());
    const Batch batch = c.batch();
    const auto loss = c.make(c.some_weights());
    const Tensor gradient = gradient_of(*loss, batch.logits, batch.labels);
    const double largest = gradient.abs().max().item<double>();
    EXPECT_GT(largest, 0);
    for (const std::int64_t at : {0, 17, 4000, 4269}) {
      const Tensor up = batch.logits.clone(), down = batch.logits.clone();
      constexpr double kStep = 1e-4;
      up.select(0, 1).select(0, c.channels - 1).view(-1)[at] += kStep;
      down.select(0, 1).select(0, c.channels - 1).view(-1)[at] -= kStep;
      const double slope =
          (loss->mean(up, batch.labels) - loss->mean(down, batch.labels)).item<double>() / (2 * kStep);
      EXPECT_NEAR(gradient[1][c.channels - 1].reshape(-1)[at].item<double>(), slope, 1e-5 * largest + 1e-11);
    }
  }
}

TEST(LossConformance, SaturatedLogitsHaveFiniteValuesAndGradients) {
  for (const Case& c : all_cases()) {
    SCOPED_TRACE(c.name());
    const Batch batch = c.batch(torch::kFloat);
    for (const bool fused : {true, false}) {
      const auto loss = c.make({}, fused);
      for (const double size : {1.0, 100.0, 10000.0}) {
        const Tensor logits = batch.logits.sign() * size;
        EXPECT_TRUE(std::isfinite(loss->mean(logits, batch.labels).item<double>()));
        EXPECT_TRUE(gradient_of(*loss, logits, batch.labels).isfinite().all().item<bool>());
      }
    }
  }
}

TEST(LossConformance, VoidPixelsHaveNoSay) {
  for (const Case& c : all_cases()) {
    SCOPED_TRACE(c.name());
    const Batch batch = c.batch();
    for (const bool fused : {true, false}) {
      const auto loss = c.make({}, fused);
      const double value = loss->mean(batch.logits, batch.labels).item<double>();
      const Tensor is_void = (batch.labels == core::kVoidLabel).unsqueeze(1).expand_as(batch.logits);
      const Tensor gradient = gradient_of(*loss, batch.logits, batch.labels);
      EXPECT_EQ(gradient.masked_select(is_void).abs().max().item<double>(), 0);
      for (const double other : {1e6, std::numeric_limits<double>::quiet_NaN()})
        EXPECT_EQ(loss->mean(batch.logits.masked_fill(is_void, other), batch.labels).item<double>(), value);
    }
  }
}

TEST(LossConformance, PixelsOfAClassWithoutWeightHaveNoSayInMeansOverPixels) {
  int tested = 0;
  for (const Case& c : cases_with("over", "pixels")) {
    if (c.classes != 5) continue;
    SCOPED_TRACE(c.name());
    const Batch batch = c.batch();
    const Tensor gradient = gradient_of(*c.make(c.some_weights()), batch.logits, batch.labels);
    const Tensor is_class_1 = (batch.labels == 1).unsqueeze(1).expand_as(batch.logits);
    EXPECT_EQ(gradient.masked_select(is_class_1).abs().max().item<double>(), 0);
    ++tested;
  }
  EXPECT_GT(tested, 0);
}

TEST(LossConformance, BatchOfVoidIsZeroWithZeroGradient) {
  for (const Case& c : all_cases()) {
    SCOPED_TRACE(c.name());
    for (const auto type : {torch::kFloat, torch::kDouble}) {
      const Batch batch = c.batch(type);
      const Tensor labels = torch::full_like(batch.labels, core::kVoidLabel);
      for (const bool fused : {true, false}) {
        const auto loss = c.make({}, fused);
        EXPECT_EQ(loss->mean(batch.logits, labels).item<double>(), 0);
        EXPECT_EQ(gradient_of(*loss, batch.logits, labels).abs().max().item<double>(), 0);
        const Tensor last = loss->image_sums(batch.logits, labels).select(1, -1);
        if (c.choice.params.value("weight_normalisation", "weights") == "all_pixels") {
          EXPECT_GT(last.min().item<double>(), 0) << "void pixels are in this denominator";
        } else {
          EXPECT_EQ(last.abs().max().item<double>(), 0);
        }
      }
    }
  }
}

TEST(LossConformance, SumsOfImagesGiveTheLossInBatchesOfAnySize) {
  for (const Case& c : cases_of_sums()) {
    SCOPED_TRACE(c.name());
    const Batch batch = c.batch();
    const auto loss = c.make(c.some_weights());
    const Tensor together = loss->image_sums(batch.logits, batch.labels);
    Tensor alone = torch::zeros_like(together[0]);
    for (std::int64_t n = 0; n < 3; ++n) {
      const Tensor row = loss->image_sums(batch.logits.narrow(0, n, 1), batch.labels.narrow(0, n, 1))[0];
      if (c.is("fused", true)) {
        EXPECT_TRUE(row.equal(together[n])) << "an image's sums depend on its neighbours";
      }
      alone += row;
    }
    const double value = loss->mean(batch.logits, batch.labels).item<double>();
    EXPECT_NEAR(loss->value(together.sum(0)).item<double>(), value, 1e-12);
    EXPECT_NEAR(loss->value(alone).item<double>(), value, 1e-12);
  }
}

TEST(LossConformance, SumsOfTwoDevicesGiveTheLossAndGradientOfTheWholeBatch) {
  for (const Case& c : cases_of_sums()) {
    for (const bool fused : {true, false}) {
      SCOPED_TRACE(c.name());
      const Batch batch = c.batch();
      const auto loss = c.make(c.some_weights(), fused);
      const Tensor logits = batch.logits.detach().requires_grad_(true);
      const auto sums_of = [&](std::int64_t first, std::int64_t count) {
        return loss->image_sums(logits.narrow(0, first, count), batch.labels.narrow(0, first, count)).sum(0);
      };
      const Tensor value = loss->value(sums_of(0, 1) + sums_of(1, 2));
      value.backward();
      EXPECT_NEAR(value.item<double>(), loss->mean(batch.logits, batch.labels).item<double>(), 1e-12);
      EXPECT_TRUE(logits.grad().allclose(gradient_of(*loss, batch.logits, batch.labels), 1e-9, 1e-15));
    }
  }
}

/// The others are evaluated as if every image were a batch of its own.
TEST(LossConformance, SplitsAreEvaluatedImageByImageWhereABatchIsNoSum) {
  for (const Case& c : all_cases()) {
    if (c.traits.value("sums", true)) continue;
    SCOPED_TRACE(c.name());
    const Batch batch = c.batch();
    const auto loss = c.make(c.some_weights());
    double alone = 0;
    for (std::int64_t n = 0; n < 3; ++n)
      alone += loss->mean(batch.logits.narrow(0, n, 1), batch.labels.narrow(0, n, 1)).item<double>();
    const Tensor sums = loss->image_sums(batch.logits, batch.labels).sum(0);
    EXPECT_NEAR(loss->value(sums).item<double>(), alone / 3, 1e-12);
    EXPECT_NE(loss->mean(batch.logits, batch.labels).item<double>(), alone / 3);
  }
}

TEST(LossConformance, OneImageIsABatch) {
  for (const Case& c : all_cases()) {
    SCOPED_TRACE(c.name());
    const Batch batch = c.batch();
    const Tensor logits = batch.logits.narrow(0, 2, 1), labels = batch.labels.narrow(0, 2, 1);
    const auto loss = c.make();
    const double value = loss->mean(logits, labels).item<double>();
    const double twice =
        loss->mean(torch::cat({logits, logits}), torch::cat({labels, labels})).item<double>();
    EXPECT_TRUE(std::isfinite(value));
    EXPECT_NEAR(twice, value, 1e-8) << "but for what smooths a fraction, the same image twice is no news";
  }
}

TEST(LossConformance, TensorOperationsAgreeWithTheFusedPass) {
  for (const Case& c : cases_with("fused", true)) {
    for (const auto type : {torch::kDouble, torch::kFloat}) {
      SCOPED_TRACE(c.name());
      const Batch batch = c.batch(type);
      const auto fused = c.make(c.some_weights()), tensors = c.make(c.some_weights(), /*fused=*/false);
      const double close = type == torch::kDouble ? 1e-9 : 1e-4;
      const double value = tensors->mean(batch.logits, batch.labels).item<double>();
      EXPECT_NEAR(fused->mean(batch.logits, batch.labels).item<double>(), value, close * std::abs(value));
      EXPECT_TRUE(fused->image_sums(batch.logits, batch.labels)
                      .allclose(tensors->image_sums(batch.logits, batch.labels), close, close));
      const Tensor expected = gradient_of(*tensors, batch.logits, batch.labels);
      EXPECT_TRUE(gradient_of(*fused, batch.logits, batch.labels)
                      .allclose(expected, close, close * expected.abs().max().item<double>()));
    }
  }
}

TEST(LossConformance, FusedPassesDoNotDependOnTheNumberOfThreads) {
  const int before = at::get_num_threads();
  for (const Case& c : cases_with("fused", true)) {
    SCOPED_TRACE(c.name());
    const Batch batch = c.batch(torch::kFloat);
    const auto loss = c.make();
    at::set_num_threads(1);
    const double value = loss->mean(batch.logits, batch.labels).item<double>();
    const Tensor gradient = gradient_of(*loss, batch.logits, batch.labels);
    at::set_num_threads(4);
    EXPECT_EQ(loss->mean(batch.logits, batch.labels).item<double>(), value);
    EXPECT_TRUE(gradient_of(*loss, batch.logits, batch.labels).equal(gradient));
  }
  at::set_num_threads(before);
}

TEST(LossConformance, LogitsThatAreNoNumbersGiveNoNumber) {
  for (const Case& c : all_cases()) {
    SCOPED_TRACE(c.name());
    const Batch batch = c.batch(torch::kFloat);
    const auto loss = c.make();
    const auto value_with = [&](double bad) {
      return loss->mean(torch::full_like(batch.logits, bad), batch.labels).item<double>();
    };
    EXPECT_TRUE(std::isnan(value_with(std::numeric_limits<double>::quiet_NaN())));
    // A sigmoid of infinity is 1; the softmax of several is no number.
    if (c.is("head", "softmax")) {
      EXPECT_TRUE(std::isnan(value_with(std::numeric_limits<double>::infinity())));
    }
  }
}

/// Descending the gradient makes the loss smaller: what every loss is for.
TEST(LossConformance, AStepAgainstTheGradientHelps) {
  for (const Case& c : all_cases()) {
    SCOPED_TRACE(c.name());
    const Batch batch = c.batch();
    const auto loss = c.make();
    const Tensor gradient = gradient_of(*loss, batch.logits, batch.labels);
    const Tensor stepped = batch.logits - gradient * (1e-3 / gradient.abs().max());
    EXPECT_LT(loss->mean(stepped, batch.labels).item<double>(),
              loss->mean(batch.logits, batch.labels).item<double>());
  }
}

}  // namespace
}  // namespace segbench::losses
