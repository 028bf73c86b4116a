// SPDX-License-Identifier: MIT
// evaluation.engine: other ways to execute a network count what the eager one counts.
#include "harness/train/engine_choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "architectures/graph/fresh_weights.h"
#include "architectures/networks/architecture.h"
#include "architectures/torch/engine.h"
#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/safetensors.h"
#include "harness/trial/files.h"
#include "tests/train/tiny_trial.h"

namespace segbench::train {
namespace {

using architectures::Execution;
using core::Json;
using testing::AnyOf;
using testing::HasSubstr;
using torch::Tensor;

/// Whose batch normalisations do something.
std::shared_ptr<architectures::Network> tiny_network() {
  torch::manual_seed(4);
  auto network = architectures::make_network(
      {.architecture = "pspnet", .size = "small", .width = 0.125, .image_height = 64, .image_width = 64}, 3);
  const torch::NoGradGuard no_grad;
  for (const auto& [name, tensor] : architectures::named_tensors(*network)) {
    if (tensor.dim() == 1) tensor.copy_(0.5 + torch::rand_like(tensor));
  }
  network->eval();
  return network;
}

Tensor logits(architectures::Network& network, const Tensor& images) {
  const torch::NoGradGuard no_grad;
  return network.forward(images);
}

TEST(ExecutedAs, TheTrainedWeightsGiveTheSameLogits) {
  const auto network = tiny_network();
  const Tensor images = torch::rand({2, 3, 64, 64});
  const Tensor expected = logits(*network, images);
  EXPECT_EQ(executed_as(network, {}), network) << "eager is the network itself";
  for (const Execution execution : {Execution::kPlan, Execution::kScript}) {
    const auto other = executed_as(network, {.execution = execution});
    const Tensor found = logits(*other, images);
    const double error = ((found - expected).abs().max() / expected.abs().max()).item<double>();
    EXPECT_LT(error, 1e-4) << architectures::name_of(execution);
    EXPECT_FALSE(found.equal(torch::zeros_like(found)));
  }
}

TEST(ChooseEngine, TakesTheOneThatIsNamedIfItIsRight) {
  const auto network = tiny_network();
  const Tensor images = torch::rand({2, 3, 64, 64});
  EXPECT_EQ(choose_engine(network, {}, images).network, network);
  const EngineChoice plan = choose_engine(network, {.engine = "plan"}, images);
  EXPECT_EQ(plan.engine, "plan");
  EXPECT_NE(plan.network, network);
  EXPECT_GT(plan.error, 0);
  EXPECT_LT(plan.error, 1e-4);
  try {
    choose_engine(network, {.engine = "plan", .engine_max_error = 0}, images);
    FAIL() << "an engine that differs was taken";
  } catch (const core::UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("the engine \"plan\" cannot be used here: its logits differ"));
  }
}

TEST(ChooseEngine, AutoTakesTheFastestOfThoseThatAreRight) {
  const auto network = tiny_network();
  const Tensor images = torch::rand({2, 3, 64, 64});
  const EngineChoice choice = choose_engine(network, {.engine = "auto"}, images);
  ASSERT_EQ(choice.tried.size(), 3U);
  double fastest = 1e9;
  for (const TriedEngine& tried : choice.tried) {
    ASSERT_TRUE(tried.seconds.has_value()) << tried.name << tried.problem;
    fastest = std::min(fastest, *tried.seconds);
  }
  for (const TriedEngine& tried : choice.tried) {
    EXPECT_TRUE(tried.name != choice.engine || *tried.seconds == fastest);
  }
  const EngineChoice strict = choose_engine(network, {.engine = "auto", .engine_max_error = 0}, images);
  EXPECT_NE(strict.engine, "plan") << "folding changes the last bits";
  EXPECT_FALSE(strict.tried[1].seconds.has_value()) << "a wrong engine is not timed";
}

TEST(TrialsByEngine, CountWhatTheEagerOneCounts) {
  const tests::TinyTrials trials;
  core::VariantConfig variant = tests::tiny_variant();
  const auto eager = trials.add("eager", variant);
  ASSERT_EQ(tests::train(eager).exit_code, 0);
  variant.evaluation.engine = "auto";
  const auto automatic = trials.add("auto", variant);
  const tests::ProcessResult result = tests::train(automatic);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(tests::events_of(eager, "engine").empty());
  const Json chosen = tests::event_of(automatic, "engine");
  const std::string engine = chosen.at("engines").at(0);
  EXPECT_THAT(engine, AnyOf("eager", "plan", "torchscript"));
  EXPECT_LT(chosen.at("errors").at(0), 1e-3);
  EXPECT_EQ(Json::parse(core::read_file(automatic / trial::kEnginesFile)), chosen.at("engines"));

  const core::SafetensorsFile weights(automatic / core::kWeightsFile);
  EXPECT_EQ(Json::parse(weights.metadata().at("input")).value("engine", "eager"), engine)
      << "predict is executed by the same one";
  const auto a = tests::events_of(eager, "evaluation"), b = tests::events_of(automatic, "evaluation");
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (const char* key : {"tp", "fp", "fn"}) {
      for (std::size_t c = 0; c < a[i].at(key).size(); ++c)
        EXPECT_NEAR(a[i].at(key)[c].get<double>(), b[i].at(key)[c].get<double>(), 2)
            << key << ", but for ties of rounding";
    }
  }
}

TEST(TrialsByEngine, KeepToWhatAutoFound) {
  const tests::TinyTrials trials;
  core::VariantConfig variant = tests::tiny_variant();
  variant.training.epochs = 1;
  variant.evaluation.engine = "auto";
  for (const char* engine : {"torchscript", "eager"}) {
    const auto folder = trials.add(engine, variant);
    core::write_file_atomically(folder / trial::kEnginesFile, Json::array({engine}).dump());
    const tests::ProcessResult result = tests::train(folder);
    ASSERT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(tests::event_of(folder, "engine").at("engines"), Json::array({engine}));
  }
}

}  // namespace
}  // namespace segbench::train
