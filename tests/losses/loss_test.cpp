// SPDX-License-Identifier: MIT
#include "harness/losses/loss.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "harness/core/error.h"
#include "harness/core/part.h"
#include "tests/losses/batches.h"

namespace segbench::losses {
namespace {

using torch::Tensor;

TEST(Losses, LabelOutsideTheClassesIsOurDefect) {
  Batch batch = random_batch(2, 2);
  batch.labels[0][0][0] = 2;
  for (const char* name : {"cross_entropy", "dice"}) {
    const auto loss = make_loss({name, core::Json::object()}, {2});
    EXPECT_THROW(loss->mean(batch.logits, batch.labels), core::InternalError) << name;
  }
}

double mean_of(const core::PartChoice& choice, const Batch& batch, const LossOptions& options) {
  return make_loss(choice, options)->mean(batch.logits, batch.labels).item<double>();
}

/// Logits of near certainty for the prediction, [1, 2, 1, 4].
Batch certain(const std::vector<int>& truth, const std::vector<int>& prediction) {
  Tensor logits = torch::zeros({1, 2, 1, 4}, torch::kDouble);
  Tensor labels = torch::zeros({1, 1, 4}, torch::kByte);
  for (std::int64_t i = 0; i < 4; ++i) {
    labels[0][0][i] = truth[static_cast<std::size_t>(i)];
    logits[0][prediction[static_cast<std::size_t>(i)]][0][i] = 1000;
  }
  return {logits, labels};
}

TEST(Dice, IsOneMinusTheOverlapOfEachClass) {
  const Batch batch = certain({1, 1, 1, 0}, {1, 0, 0, 0});
  const double of_0 = 1 - 2.0 * 1 / (1 + 3), of_1 = 1 - 2.0 * 1 / (3 + 1);
  const core::Json exact = {{"smooth", 0}};
  EXPECT_NEAR(mean_of({"dice", exact}, batch, {2}), (of_0 + of_1) / 2, 1e-12);
  EXPECT_NEAR(mean_of({"dice", {{"smooth", 0}, {"class_weights", {3, 1}}}}, batch, {2}),
              (3 * of_0 + of_1) / 4, 1e-12);
  EXPECT_NEAR(mean_of({"dice", {{"smooth", 0}, {"include_background", false}}}, batch, {2}), of_1, 1e-12);
  EXPECT_NEAR(mean_of({"dice", {{"smooth", 0}, {"include_background", false}}}, batch, {2, true, 1}), of_0,
              1e-12);
}

TEST(Dice, PresentClassesAreThoseWithAPixel) {
  const Batch batch = certain({0, 0, 0, 0}, {0, 0, 0, 1});
  const double of_0 = 1 - 2.0 * 3 / (4 + 3);
  EXPECT_NEAR(mean_of({"dice", {{"smooth", 0}}}, batch, {2}), (of_0 + 1) / 2, 1e-12);
  EXPECT_NEAR(mean_of({"dice", {{"smooth", 0}, {"classes", "present"}}}, batch, {2}), of_0, 1e-12);
  const core::Json none = {{"classes", "present"}, {"include_background", false}};
  EXPECT_EQ(mean_of({"dice", none}, batch, {2}), 0) << "no class is left to say anything of";
}

TEST(Dice, AClassNeitherThereNorPredictedIsRight) {
  const Batch batch = certain({0, 0, 0, 0}, {0, 0, 0, 0});
  for (const char* name : {"dice", "jaccard", "tversky"})
    EXPECT_EQ(mean_of({name, {{"smooth", 0}}}, batch, {2}), 0) << name;
}

TEST(Dice, OverTheBatchOrOverImages) {
  const Batch batch = random_batch(5, 5);
  for (const char* name : {"dice", "jaccard", "tversky"}) {
    SCOPED_TRACE(name);
    double images = 0;
    for (std::int64_t n = 0; n < 3; ++n)
      images += mean_of({name, {{"over", "batch"}}},
                        {batch.logits[n].unsqueeze(0), batch.labels[n].unsqueeze(0)}, {5});
    EXPECT_NEAR(mean_of({name, {{"over", "image"}}}, batch, {5}), images / 3, 1e-12);
    EXPECT_NE(mean_of({name, {{"over", "batch"}}}, batch, {5}), images / 3);
  }
}

TEST(Dice, AnImageWithoutValidPixelsIsNoneOfTheImages) {
  const Batch batch = random_batch(5, 5);
  Batch half_void = batch;
  half_void.labels = batch.labels.clone();
  half_void.labels.narrow(0, 1, 2).fill_(core::kVoidLabel);
  const Batch first{batch.logits.narrow(0, 0, 1), batch.labels.narrow(0, 0, 1)};
  for (const char* name : {"dice", "lovasz_softmax"}) {
    core::PartChoice choice{name, core::Json::object()};
    if (choice.name == "dice") choice.params["over"] = "image";
    EXPECT_NEAR(mean_of(choice, half_void, {5}), mean_of(choice, first, {5}), 1e-14);
  }
}

TEST(Tversky, IsDiceWithEqualWeights) {
  const Batch batch = random_batch(5, 5);
  const core::Json params = {{"alpha", 0.5}, {"beta", 0.5}, {"smooth", 0}};
  const double dice = mean_of({"dice", {{"smooth", 0}}}, batch, {5});
  EXPECT_NEAR(mean_of({"tversky", params}, batch, {5}), dice, 1e-12);
}

TEST(Focal, WithoutGammaIsTheCrossEntropy) {
  const core::Json params = {{"gamma", 0}};
  EXPECT_NEAR(mean_of({"focal", params}, random_batch(5, 5), {5}),
              mean_of({"cross_entropy", core::Json::object()}, random_batch(5, 5), {5}), 1e-12);
  EXPECT_NEAR(mean_of({"focal", {{"gamma", 0}, {"head", "sigmoid"}}}, random_batch(1, 2), {2}),
              mean_of({"binary_cross_entropy", core::Json::object()}, random_batch(1, 2), {2}), 1e-12);
}

/// Where a probability is 0 or 1 to the last bit, slopes are finite whatever gamma is.
TEST(Focal, SaturatedLogitsHaveFiniteSlopes) {
  for (const double gamma : {0.0, 0.5, 1.0, 2.0}) {
    for (const char* head : {"softmax", "sigmoid"}) {
      for (const bool fused : {true, false}) {
        SCOPED_TRACE(std::string(head) + std::to_string(gamma));
        const bool is_sigmoid = std::string(head) == "sigmoid";
        Batch batch = random_batch(is_sigmoid ? 1 : 2, 2, torch::kFloat);
        batch.logits = batch.logits.sign() * 500;
        const auto loss = make_loss({"focal", {{"gamma", gamma}, {"head", head}}}, {2, fused});
        EXPECT_TRUE(std::isfinite(loss->mean(batch.logits, batch.labels).item<double>()));
        EXPECT_TRUE(gradient_of(*loss, batch.logits, batch.labels).isfinite().all().item<bool>());
      }
    }
  }
}

TEST(Tversky, ARootHasFiniteSlopesWhereNothingIsWrong) {
  const Batch batch = certain({1, 1, 0, 0}, {1, 1, 0, 0});
  const auto loss = make_loss({"tversky", {{"gamma", 4.0 / 3}}}, {2});
  EXPECT_TRUE(gradient_of(*loss, batch.logits, batch.labels).isfinite().all().item<bool>());
}

TEST(Lovasz, IsTheSameSortedByRadixAndByTensorOperations) {
  for (const char* name : {"lovasz_softmax", "lovasz_hinge"}) {
    const bool is_hinge = std::string(name) == "lovasz_hinge";
    const int classes = is_hinge ? 2 : 5;
    for (const char* over : {"image", "batch"}) {
      for (const auto type : {torch::kFloat, torch::kDouble}) {
        SCOPED_TRACE(std::string(name) + over);
        Batch batch = random_batch(is_hinge ? 1 : 5, classes, type);
        batch.labels[0].masked_fill_(batch.labels[0] == 1, 0);  // a class that an image lacks
        const core::PartChoice choice{name, {{"over", over}}};
        const auto ours = make_loss(choice, {classes}), tensors = make_loss(choice, {classes, false});
        const double value = tensors->mean(batch.logits, batch.labels).item<double>();
        EXPECT_NEAR(ours->mean(batch.logits, batch.labels).item<double>(), value, 1e-6 * value);
        const Tensor expected = gradient_of(*tensors, batch.logits, batch.labels);
        EXPECT_TRUE(gradient_of(*ours, batch.logits, batch.labels)
                        .allclose(expected, 1e-5, 1e-6 * expected.abs().max().item<double>()));
      }
    }
  }
}

TEST(Sum, IsTheWeightedSumOfItsTerms) {
  const Batch batch = random_batch(5, 5);
  const core::Json focal = {{"gamma", 1}}, dice = {{"over", "image"}, {"class_weights", {1, 2, 0, 1, 1}}};
  core::Json first = dice, second = focal;
  first["name"] = "dice";
  second["name"] = "focal";
  second["weight"] = 0.5;
  const core::PartChoice choice{"sum", {{"terms", {first, second}}}};
  const double of_dice = mean_of({"dice", dice}, batch, {5}),
               of_focal = mean_of({"focal", focal}, batch, {5});
  EXPECT_NEAR(mean_of(choice, batch, {5}), of_dice + 0.5 * of_focal, 1e-14);
  const auto sum = make_loss(choice, {5});
  const Tensor sums = sum->image_sums(batch.logits, batch.labels).sum(0);
  EXPECT_EQ(sums.size(0), sum->row_size());
  const std::vector<double> terms = sum->term_values(sums);
  ASSERT_EQ(terms.size(), 2U);
  EXPECT_NEAR(terms[0], of_dice, 1e-12);
  EXPECT_NEAR(terms[1], of_focal, 1e-12);
}

TEST(Losses, SigmoidHeadRefusesMoreThanTwoClasses) {
  EXPECT_THROW(make_loss({"binary_cross_entropy", core::Json::object()}, {3}), core::UserError);
  EXPECT_THROW(make_loss({"dice", {{"head", "sigmoid"}}}, {3}), core::UserError);
}

core::Json variant(const core::Json& loss, const core::Json& data_params) {
  return {{"data", {{"kind", "none"}, {"params", data_params}}}, {"training", {{"loss", loss}}}};
}

std::vector<core::PartProblem> check(const core::Json& loss, const core::Json& data_params) {
  const auto& spec =
      core::PartRegistry::instance().get(core::PartKind::kLoss, loss.at("name").get<std::string>());
  return spec.check(core::with_defaults(spec, loss), variant(loss, data_params));
}

TEST(LossChecks, BinaryNeedsTwoClasses) {
  const core::Json loss = {{"name", "binary_cross_entropy"}};
  EXPECT_TRUE(check(loss, {{"classes", {"sky", "ground"}}}).empty());
  EXPECT_TRUE(check(loss, core::Json::object()).empty()) << "unknown until the data are read";
  const auto problems = check(loss, {{"num_classes", 3}});
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].key, ".head");
  EXPECT_THAT(problems[0].message, testing::HasSubstr("data have 3; use cross_entropy, or head"));
}

TEST(LossChecks, TermsOfASumHaveOneHead) {
  const core::Json dice = {{"name", "dice"}}, binary = {{"name", "dice"}, {"head", "sigmoid"}};
  const auto sum = [](const core::Json& terms) { return core::Json{{"name", "sum"}, {"terms", terms}}; };
  EXPECT_TRUE(check(sum({dice, dice}), core::Json::object()).empty());
  EXPECT_TRUE(check(sum({binary, binary}), core::Json::object()).empty());
  const auto problems = check(sum({dice, binary}), core::Json::object());
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].key, ".terms[1].name");
}

TEST(LossChecks, ABackgroundThatIsLeftOutIsThere) {
  const core::Json without = {{"name", "dice"}, {"include_background", false}};
  EXPECT_TRUE(check(without, core::Json::object()).empty());
  const core::Json no_background = {{"kind", "none"}, {"background", nullptr}};
  const auto& spec = core::PartRegistry::instance().get(core::PartKind::kLoss, "dice");
  EXPECT_EQ(spec.check(core::with_defaults(spec, without), {{"data", no_background}}).size(), 1U);
  core::Json weighted = without;
  weighted["class_weights"] = {1, 0};
  EXPECT_EQ(check(weighted, core::Json::object()).size(), 1U);
  weighted["class_weights"] = {1, 1};
  EXPECT_TRUE(check(weighted, core::Json::object()).empty());
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
