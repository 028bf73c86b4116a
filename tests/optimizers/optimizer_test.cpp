// SPDX-License-Identifier: MIT
#include "harness/optimizers/optimizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "harness/conformance/optimizers.h"
#include "harness/core/part.h"

namespace segbench::optimizers {
namespace {

using torch::Tensor;

using Problem = conformance::DescentProblem;
using conformance::every_optimizer;

TEST(Optimizers, EveryDescriptionHasAnImplementation) {
  EXPECT_EQ(OptimizerFactory::instance().names(),
            core::PartRegistry::instance().names(core::PartKind::kOptimizer));
}

TEST(Optimizers, AreTestedInEveryWayThatTheyCanBe) {
  bool remembers = false, forgets = false;
  std::set<std::string> names, conventions;
  for (const core::PartChoice& choice : every_optimizer()) {
    names.insert(choice.name);
    conventions.insert(choice.params.at("convention").get<std::string>());
    const bool has_state = !make_optimizer(choice, Problem().parameters())->state().empty();
    (has_state ? remembers : forgets) = true;
  }
  EXPECT_EQ(std::vector<std::string>(names.begin(), names.end()),
            core::PartRegistry::instance().names(core::PartKind::kOptimizer));
  EXPECT_EQ(conventions, (std::set<std::string>{"keras", "torch"}));
  EXPECT_TRUE(remembers && forgets);
  EXPECT_GE(every_optimizer().size(), 8U);
}

TEST(Optimizers, RememberAsMuchAsTheyDeclare) {
  for (const core::PartChoice& choice : every_optimizer()) {
    SCOPED_TRACE(choice.name + choice.params.dump());
    const core::PartSpec& spec = core::PartRegistry::instance().get(core::PartKind::kOptimizer, choice.name);
    std::int64_t declared = 0;
    for (const auto& [condition, numbers] : spec.traits.at("state_per_parameter").items()) {
      const core::Json value = choice.params.value(condition, core::Json(0));
      if (condition == "always" || value == true || (value.is_number() && value > 0))
        declared += numbers.get<std::int64_t>();
    }
    const Problem problem;
    const auto optimizer = make_optimizer(choice, problem.parameters());
    std::int64_t numbers = 0;
    for (const auto& [name, tensor] : optimizer->state()) numbers += tensor.numel();
    const std::int64_t weights = problem.weights.numel() + problem.bias.numel();
    EXPECT_EQ(numbers, declared * weights);
  }
}

TEST(Optimizers, MemoryFormatDoesNotMatter) {
  for (const core::PartChoice& choice : every_optimizer()) {
    SCOPED_TRACE(choice.name + choice.params.dump());
    const Problem strided;
    Problem plain;
    plain.weights = plain.weights.detach().contiguous().requires_grad_(true);
    const auto a = make_optimizer(choice, strided.parameters()),
               b = make_optimizer(choice, plain.parameters());
    for (int i = 0; i < 3; ++i) {
      strided.step(*a);
      plain.step(*b);
    }
    EXPECT_TRUE(strided.weights.equal(plain.weights));
    EXPECT_TRUE(strided.bias.equal(plain.bias));
    EXPECT_TRUE(strided.weights.is_contiguous(torch::MemoryFormat::ChannelsLast));
  }
}

TEST(Optimizers, TensorOperationsFollowTheSameRule) {
  // Half precision has no fused pass: its first step is compared with that of the same numbers in single
  // precision.
  for (const core::PartChoice& choice : every_optimizer()) {
    SCOPED_TRACE(choice.name + choice.params.dump());
    Tensor half = torch::linspace(-2, 2, 64).to(torch::kBFloat16).requires_grad_(true);
    Tensor single = half.detach().to(torch::kFloat).requires_grad_(true);
    const auto a = make_optimizer(choice, {{"x", half}}), b = make_optimizer(choice, {{"x", single}});
    for (int i = 0; i < 3; ++i) {
      half.mutable_grad() = torch::linspace(1, 3, 64).to(torch::kBFloat16);
      single.mutable_grad() = half.grad().to(torch::kFloat);
      a->step();
      b->step();
    }
    EXPECT_LE((half.detach().to(torch::kFloat) - single.detach()).abs().max().item<double>(), 0.03);
    for (std::size_t s = 0; s < a->state().size(); ++s) {
      const Tensor theirs = a->state()[s].second.to(torch::kFloat), ours = b->state()[s].second;
      EXPECT_TRUE(theirs.allclose(ours, 0.03, 1e-4)) << a->state()[s].first;
    }
  }
}

TEST(Optimizers, StateCarriesOnWhereItWasSaved) {
  for (const core::PartChoice& choice : every_optimizer()) {
    SCOPED_TRACE(choice.name + choice.params.dump());
    const Problem whole, halved;
    const auto uninterrupted = make_optimizer(choice, whole.parameters());
    for (int i = 0; i < 4; ++i) whole.step(*uninterrupted);
    auto first = make_optimizer(choice, halved.parameters());
    for (int i = 0; i < 2; ++i) halved.step(*first);
    const auto second = make_optimizer(choice, halved.parameters());
    second->set_updates(first->updates());
    const NamedTensors from = first->state(), to = second->state();
    ASSERT_EQ(from.size(), to.size());
    for (std::size_t i = 0; i < from.size(); ++i) {
      EXPECT_EQ(from[i].first, to[i].first);
      to[i].second.detach().copy_(from[i].second);
    }
    first.reset();
    for (int i = 0; i < 2; ++i) halved.step(*second);
    EXPECT_TRUE(whole.weights.equal(halved.weights));
    EXPECT_TRUE(whole.bias.equal(halved.bias));
  }
}

TEST(Optimizers, ParameterWithoutGradientStays) {
  const Problem problem;
  const Tensor before = problem.bias.detach().clone();
  const auto optimizer = make_optimizer({"adam", core::Json::object()}, problem.parameters());
  problem.weights.sum().backward();
  optimizer->step();
  EXPECT_TRUE(problem.bias.equal(before));
  EXPECT_EQ(optimizer->updates(), 1);
}

TEST(Optimizers, EachParameterMayLearnAtARateOfItsOwn) {
  for (core::PartChoice choice : every_optimizer()) {
    SCOPED_TRACE(choice.name + choice.params.dump());
    const Problem scaled(torch::kDouble), slow(torch::kDouble), fast(torch::kDouble);
    const auto a = make_optimizer(choice, scaled.parameters()), c = make_optimizer(choice, fast.parameters());
    choice.params["learning_rate"] = 0.01 * 0.25;
    const auto b = make_optimizer(choice, slow.parameters());
    a->scale_learning_rates([](const std::string& name) { return name == "bias" ? 0.25 : 1.0; });
    for (int i = 0; i < 3; ++i) {
      scaled.step(*a);
      slow.step(*b);
      fast.step(*c);
    }
    EXPECT_TRUE(scaled.bias.equal(slow.bias));
    EXPECT_TRUE(scaled.weights.equal(fast.weights));
    EXPECT_FALSE(scaled.bias.equal(fast.bias));
  }
}

TEST(Optimizers, EpsilonDefaultsToItsConvention) {
  const auto first_step = [](const core::Json& params) {
    Tensor x = torch::zeros({1}, torch::kDouble).requires_grad_(true);
    const auto optimizer = make_optimizer({"adam", params}, {{"x", x}});
    x.mutable_grad() = torch::full({1}, 1e-7, torch::kDouble);
    optimizer->step();
    return x.item<double>();
  };
  EXPECT_EQ(first_step({{"convention", "keras"}}), first_step({{"convention", "keras"}, {"epsilon", 1e-7}}));
  EXPECT_EQ(first_step({{"convention", "torch"}}), first_step({{"convention", "torch"}, {"epsilon", 1e-8}}));
  EXPECT_NE(first_step({{"convention", "keras"}}), first_step({{"convention", "torch"}}));
}

TEST(OptimizerChecks, NesterovNeedsMomentum) {
  const auto& spec = core::PartRegistry::instance().get(core::PartKind::kOptimizer, "sgd");
  const auto problems = [&](const core::Json& sgd) { return spec.check(sgd, core::Json::object()); };
  EXPECT_EQ(problems({{"momentum", 0.0}, {"nesterov", true}}).size(), 1U);
  EXPECT_TRUE(problems({{"momentum", 0.9}, {"nesterov", true}}).empty());
  EXPECT_TRUE(problems({{"momentum", 0.0}, {"nesterov", false}}).empty());
}

}  // namespace
}  // namespace segbench::optimizers
