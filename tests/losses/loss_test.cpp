// SPDX-License-Identifier: MIT
#include "harness/losses/loss.h"

#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.h"
#include "harness/core/part.h"
#include "harness/losses/pixel_loss.h"

namespace segbench::losses {
namespace {

using torch::Tensor;

struct Batch {
  Tensor logits, labels;
};

/// 3 images of 61 x 70, so that blocks of the fused pass end within an image.
Batch random_batch(int channels, int num_classes, torch::ScalarType type = torch::kDouble) {
  torch::manual_seed(7);
  const Tensor labels = torch::randint(0, num_classes + 1, {3, 61, 70}, torch::kLong);
  return {(torch::randn({3, channels, 61, 70}, type) * 3).contiguous(torch::MemoryFormat::ChannelsLast),
          labels.masked_fill(labels == num_classes, core::kVoidLabel).to(torch::kByte)};
}

struct Case {
  std::string name;
  int channels, classes;
};

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const std::string& name : core::PartRegistry::instance().names(core::PartKind::kLoss)) {
    if (core::traits_of(core::PartKind::kLoss, {name, core::Json::object()}).at("head") == "sigmoid") {
      cases.push_back({name, 1, 2});
    } else {
      cases.push_back({name, 2, 2});
      cases.push_back({name, 5, 5});
    }
  }
  return cases;
}

Tensor gradient_of(const Loss& loss, const Tensor& logits, const Tensor& labels) {
  const Tensor leaf = logits.detach().requires_grad_(true);
  loss.mean(leaf, labels).backward();
  return leaf.grad();
}

TEST(Losses, EveryDescriptionHasAnImplementation) {
  EXPECT_EQ(LossFactory::instance().names(), core::PartRegistry::instance().names(core::PartKind::kLoss));
}

TEST(Losses, GradientAgreesWithCentralDifferences) {
  for (const Case& c : all_cases()) {
    SCOPED_TRACE(c.name);
    const Batch batch = random_batch(c.channels, c.classes);
    const std::vector<double> weights =
        c.classes == 2 ? std::vector{0.5, 2.0} : std::vector{1.0, 0.0, 3.0, 0.2, 1.5};
    for (const char* normalisation : {"weights", "pixels", "all_pixels"}) {
      const auto loss = make_loss({c.name, {{"weight_normalisation", normalisation}}}, {c.classes, weights});
      const Tensor gradient = gradient_of(*loss, batch.logits, batch.labels);
      for (const std::int64_t at : {0, 17, 4000, 4269}) {
        const Tensor up = batch.logits.clone(), down = batch.logits.clone();
        constexpr double kStep = 1e-4;
        up.select(0, 1).select(0, c.channels - 1).view(-1)[at] += kStep;
        down.select(0, 1).select(0, c.channels - 1).view(-1)[at] -= kStep;
        const double slope =
            (loss->mean(up, batch.labels) - loss->mean(down, batch.labels)).item<double>() / (2 * kStep);
        EXPECT_NEAR(gradient[1][c.channels - 1].reshape(-1)[at].item<double>(), slope, 1e-9);
      }
    }
  }
}

TEST(Losses, VoidAndUnweightedPixelsHaveNoSay) {
  for (const Case& c : all_cases()) {
    SCOPED_TRACE(c.name);
    Batch batch = random_batch(c.channels, c.classes);
    const auto loss = make_loss({c.name, core::Json::object()}, {c.classes, {}});
    const double value = loss->mean(batch.logits, batch.labels).item<double>();
    const Tensor is_void = (batch.labels == core::kVoidLabel).unsqueeze(1).expand_as(batch.logits);
    EXPECT_EQ(
        gradient_of(*loss, batch.logits, batch.labels).masked_select(is_void).abs().max().item<double>(), 0);
    EXPECT_EQ(loss->mean(batch.logits.masked_fill(is_void, 1e6), batch.labels).item<double>(), value);
    EXPECT_EQ(loss->mean(batch.logits.masked_fill(is_void, NAN), batch.labels).item<double>(), value);
  }
}

TEST(Losses, BatchOfVoidIsZeroWithZeroGradient) {
  for (const Case& c : all_cases()) {
    for (const auto type : {torch::kFloat, torch::kDouble}) {
      const Batch batch = random_batch(c.channels, c.classes, type);
      const Tensor labels = torch::full_like(batch.labels, core::kVoidLabel);
      for (const bool fused : {true, false}) {
        const auto loss = make_loss({c.name, core::Json::object()}, {c.classes, {}, fused});
        EXPECT_EQ(loss->mean(batch.logits, labels).item<double>(), 0);
        EXPECT_EQ(gradient_of(*loss, batch.logits, labels).abs().max().item<double>(), 0);
        EXPECT_EQ(loss->image_sums(batch.logits, labels)[0][0].item<double>(), 0);
        EXPECT_EQ(loss->image_sums(batch.logits, labels)[0][1].item<double>(), 0);
      }
    }
  }
}

TEST(Losses, ImageSumsAddUpToTheMean) {
  for (const Case& c : all_cases()) {
    SCOPED_TRACE(c.name);
    const Batch batch = random_batch(c.channels, c.classes);
    const auto loss = make_loss({c.name, core::Json::object()}, {c.classes, {}});
    const Tensor sums = loss->image_sums(batch.logits, batch.labels);
    const Tensor total = sums.sum(0);
    EXPECT_NEAR((total[0] / total[1]).item<double>(), loss->mean(batch.logits, batch.labels).item<double>(),
                1e-13);
    for (std::int64_t n = 0; n < 3; ++n) {
      const Tensor alone = loss->image_sums(batch.logits.narrow(0, n, 1), batch.labels.narrow(0, n, 1));
      EXPECT_TRUE(alone[0].equal(sums[n])) << "an image's sums depend on its neighbours";
    }
  }
}

TEST(Losses, SumsOfTwoDevicesGiveTheLossOfTheWholeBatch) {
  for (const Case& c : all_cases()) {
    for (const bool fused : {true, false}) {
      SCOPED_TRACE(c.name);
      const Batch batch = random_batch(c.channels, c.classes);
      const auto loss = make_loss({c.name, core::Json::object()}, {c.classes, {}, fused});
      const Tensor logits = batch.logits.detach().requires_grad_(true);
      const auto sums_of = [&](std::int64_t first, std::int64_t count) {
        return loss->image_sums(logits.narrow(0, first, count), batch.labels.narrow(0, first, count)).sum(0);
      };
      const Tensor value = loss->value(sums_of(0, 1) + sums_of(1, 2));
      value.backward();
      EXPECT_NEAR(value.item<double>(), loss->mean(batch.logits, batch.labels).item<double>(), 1e-13);
      EXPECT_TRUE(logits.grad().allclose(gradient_of(*loss, batch.logits, batch.labels), 1e-9, 1e-15));
    }
  }
}

TEST(Losses, ResultsDoNotDependOnTheNumberOfThreads) {
  const int before = at::get_num_threads();
  for (const Case& c : all_cases()) {
    const Batch batch = random_batch(c.channels, c.classes, torch::kFloat);
    const auto loss = make_loss({c.name, core::Json::object()}, {c.classes, {}});
    at::set_num_threads(1);
    const double value = loss->mean(batch.logits, batch.labels).item<double>();
    const Tensor gradient = gradient_of(*loss, batch.logits, batch.labels);
    at::set_num_threads(4);
    EXPECT_EQ(loss->mean(batch.logits, batch.labels).item<double>(), value);
    EXPECT_TRUE(gradient_of(*loss, batch.logits, batch.labels).equal(gradient));
  }
  at::set_num_threads(before);
}

TEST(Losses, NonFiniteLogitsGiveANonFiniteLoss) {
  for (const Case& c : all_cases()) {
    for (const double bad :
         {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
      Batch batch = random_batch(c.channels, c.classes, torch::kFloat);
      batch.labels.fill_(0);
      batch.logits.fill_(bad);
      const auto loss = make_loss({c.name, core::Json::object()}, {c.classes, {}});
      EXPECT_FALSE(std::isfinite(loss->mean(batch.logits, batch.labels).item<double>())) << c.name << bad;
    }
  }
}

TEST(Losses, TensorExpressionAgreesWithTheFusedPass) {
  for (const Case& c : all_cases()) {
    for (const double clip : {0.0, 1e-3}) {
      SCOPED_TRACE(c.name);
      const Batch batch = random_batch(c.channels, c.classes);
      const std::vector<double> weights =
          c.classes == 2 ? std::vector{0.5, 2.0} : std::vector{1.0, 0.0, 3.0, 0.2, 1.5};
      const auto fused = make_loss({c.name, {{"clip", clip}}}, {c.classes, weights});
      const auto expression = make_loss({c.name, {{"clip", clip}}}, {c.classes, weights, /*fused=*/false});
      const Tensor sums = fused->image_sums(batch.logits, batch.labels);
      EXPECT_TRUE(sums.allclose(expression->image_sums(batch.logits, batch.labels), 1e-12, 1e-12));
      EXPECT_TRUE(gradient_of(*fused, batch.logits, batch.labels)
                      .allclose(gradient_of(*expression, batch.logits, batch.labels), 1e-9, 1e-15));
    }
  }
}

TEST(Losses, LabelOutsideTheClassesIsOurDefect) {
  Batch batch = random_batch(2, 2);
  batch.labels[0][0][0] = 2;
  const auto loss = make_loss({"cross_entropy", core::Json::object()}, {2, {}});
  EXPECT_THROW(loss->mean(batch.logits, batch.labels), core::InternalError);
}

TEST(Losses, SigmoidHeadRefusesMoreThanTwoClasses) {
  EXPECT_THROW(make_loss({"binary_cross_entropy", core::Json::object()}, {3, {}}), core::UserError);
}

core::Json variant(const core::Json& loss, const core::Json& data_params) {
  return {{"data", {{"kind", "none"}, {"params", data_params}}}, {"training", {{"loss", loss}}}};
}

std::vector<core::PartProblem> check(const core::Json& loss, const core::Json& data_params) {
  const auto& spec =
      core::PartRegistry::instance().get(core::PartKind::kLoss, loss.at("name").get<std::string>());
  return spec.check(loss, variant(loss, data_params));
}

TEST(LossChecks, BinaryNeedsTwoClasses) {
  const core::Json loss = {{"name", "binary_cross_entropy"}};
  EXPECT_TRUE(check(loss, {{"classes", {"sky", "ground"}}}).empty());
  EXPECT_TRUE(check(loss, core::Json::object()).empty()) << "unknown until the data are read";
  const auto problems = check(loss, {{"num_classes", 3}});
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].key, ".name");
  EXPECT_THAT(problems[0].message, testing::HasSubstr("data have 3"));
}

TEST(LossChecks, ExplicitWeightsFitTheClasses) {
  const auto weighted = [](const core::Json& weights) {
    return core::Json{{"name", "cross_entropy"}, {"class_weights", weights}};
  };
  EXPECT_TRUE(check(weighted({1.0, 2.0, 3.0}), {{"num_classes", 3}}).empty());
  EXPECT_TRUE(check(weighted("inverse_frequency"), {{"num_classes", 3}}).empty());
  EXPECT_EQ(check(weighted({1.0, 2.0}), {{"num_classes", 3}}).size(), 1U);
  EXPECT_EQ(check(weighted({0, 0.0, 0}), {{"num_classes", 3}}).size(), 1U);
}

}  // namespace
}  // namespace segbench::losses
