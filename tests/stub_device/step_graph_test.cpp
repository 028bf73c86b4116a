// SPDX-License-Identifier: MIT
#include "harness/train/step_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "harness/core/files.h"
#include "harness/core/part.h"
#include "harness/train/environment.h"
#include "harness/train/runtime_settings.h"
#include "harness/train/train_command.h"
#include "harness/trial/event_log.h"
#include "tests/support/fake_accelerator.h"
#include "tests/support/stub_graph.h"
#include "tests/train/tiny_trial.h"

// Trials whose training steps are recorded and replayed, on a device that is none.

namespace segbench::train {
namespace {

using core::Json;
using testing::ElementsAre;
using testing::HasSubstr;
using torch::Tensor;
namespace stub = tests::stub;

#ifdef SEGBENCH_STUB_GRAPHS
#define SEGBENCH_NEEDS_GRAPHS()
#else
#define SEGBENCH_NEEDS_GRAPHS() GTEST_SKIP() << "LibTorch " TORCH_VERSION " records nothing on such a device"
#endif

TrainCommand command_for(const std::filesystem::path& trial) {
  TrainCommand command;
  command.trial_file = trial / core::kTrialFile;
  command.options.device = stub::kDevice;
  command.options.checkpoint_seconds = 3600;
  command.options.keep_predictions = 2;
  command.environment = environment(stub::kDevice, 1, {}, memory_format_on(stub::kDevice));
  return command;
}

/// Trains a trial to its end, without levers that are named.
void train(const std::filesystem::path& trial, const std::vector<std::string>& without = {}) {
  TrainCommand command = command_for(trial);
  command.options.levers = levers_without(without);
  EXPECT_EQ(run_train(command), 0);
}

/// Three full batches in an epoch and one image.
core::VariantConfig variant_of(std::int64_t epochs) {
  core::VariantConfig variant = tests::tiny_variant();
  variant.training.epochs = epochs;
  return variant;
}

/// All that stands between the gradients of a step and the next one.
core::VariantConfig with_everything() {
  core::VariantConfig variant = variant_of(4);
  variant.training.loss = {"sum", {{"terms", {{{"name", "dice"}}, {{"name", "focal"}, {"weight", 0.5}}}}}};
  variant.training.optimizer = {"adamw", {{"learning_rate", 0.01}}};
  variant.training.gradient_clip_norm = 1.0;
  variant.training.moving_average = 0.9;
  variant.training.batch_norm_statistics = "precise";
  return variant;
}

void expect_the_same(const std::filesystem::path& a, const std::filesystem::path& b) {
  EXPECT_EQ(tests::computed_events(a), tests::computed_events(b));
  EXPECT_EQ(core::read_file(a / core::kWeightsFile), core::read_file(b / core::kWeightsFile));
}

Json step_graph_of(const std::filesystem::path& trial) {
  return tests::last_attempt_event(trial, "started").at("environment").at("step_graph");
}

std::vector<Json> warnings_of(const std::filesystem::path& trial) {
  std::vector<Json> warnings;
  for (const Json& event : trial::read_event_log(trial / core::kAttemptsFile).events) {
    if (event.at("type") == "warning") warnings.push_back(event);
  }
  return warnings;
}

TEST(StubGraphs, GiveWhatTheOperationsGiveToTheBit) {
  SEGBENCH_NEEDS_GRAPHS();
  int number = 0;
  for (const core::VariantConfig& variant : {variant_of(4), with_everything()}) {
    const tests::TinyTrials trials;
    const auto with = trials.add("with", variant), without = trials.add("without", variant);
    const int recordings = stub::record().recordings, replays = stub::record().replays;
    train(with);
    EXPECT_EQ(stub::record().recordings - recordings, 1) << number;
    EXPECT_EQ(stub::record().replays - replays, 12 - 4 + 1)
        << "of twelve full batches four are called, the fourth is replayed for comparison, too";
    train(without, {"graphs"});
    EXPECT_EQ(stub::record().recordings - recordings, 1);
    expect_the_same(with, without);
    EXPECT_EQ(step_graph_of(with), Json({{"in_use", true}, {"prevented_by", Json::array()}}));
    EXPECT_EQ(step_graph_of(without), Json({{"in_use", false}, {"prevented_by", {"run.without"}}}));
    EXPECT_THAT(warnings_of(with), ElementsAre());
    ++number;
  }
}

TEST(StubGraphs, AreRecordedAnewWhereATrialGoesOn) {
  SEGBENCH_NEEDS_GRAPHS();
  const tests::TinyTrials trials;
  const auto alone = trials.add("alone", variant_of(6)), paused = trials.add("paused", variant_of(6));
  train(alone, {"graphs"});
  const int recordings = stub::record().recordings;
  TrainCommand command = command_for(paused);
  command.options.pause_after = 3;
  ASSERT_EQ(run_train(command), 0);
  train(paused);
  EXPECT_EQ(stub::record().recordings - recordings, 2);
  expect_the_same(paused, alone);
}

TEST(StubGraphs, ThatCannotBeRecordedAreToldOnce) {
  SEGBENCH_NEEDS_GRAPHS();
  const tests::TinyTrials trials;
  const auto without = trials.add("without", variant_of(4));
  train(without, {"graphs"});
  for (const std::string& words :
       {std::string("CUDA error: operation not permitted when stream is capturing"),
        tests::kMemoryWords[0]}) {
    SCOPED_TRACE(words);
    const auto spoilt = trials.add("spoilt " + std::to_string(stub::record().recordings), variant_of(4));
    stub::record().recording_failure = words;
    const int recordings = stub::record().recordings, replays = stub::record().replays;
    train(spoilt);
    stub::record().recording_failure = "";
    EXPECT_EQ(stub::record().recordings - recordings, 1);
    EXPECT_EQ(stub::record().replays, replays);
    expect_the_same(spoilt, without);
    const std::vector<Json> warnings = warnings_of(spoilt);
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_EQ(warnings[0].at("code"), "no_step_graph");
    EXPECT_THAT(warnings[0].at("message").get<std::string>(), HasSubstr(words.substr(0, words.find('\n'))));
  }
}

TEST(StubGraphs, AreNotForGradientsOfSeveralBatchesNorForAnOldLibTorch) {
  const tests::TinyTrials trials;
  core::VariantConfig variant = variant_of(2);
  variant.training.accumulate_batches = 2;
  const auto trial = trials.add("accumulates", variant);
  const int recordings = stub::record().recordings;
  train(trial);
  EXPECT_EQ(stub::record().recordings, recordings);
  std::vector<std::string> reasons = {"training.accumulate_batches"};
  if (!graphs_of(stub::kDevice)) reasons.insert(reasons.begin(), "LibTorch " TORCH_VERSION);
  EXPECT_EQ(step_graph_of(trial), Json({{"in_use", false}, {"prevented_by", reasons}}));
}

/// Training steps of a trial without the rest of it.
class Steps {
 public:
  Steps(const tests::TinyTrials& trials, const core::VariantConfig& variant, std::int64_t num_classes)
      : trial_(trials.add("steps", variant)), num_classes_(num_classes) {
    const core::TrialSpec spec = core::read_trial_spec(trial_ / core::kTrialFile);
    parts_ = build_trial(spec, trial_, stub::kDevice, memory_format_on(stub::kDevice));
    StepGraphSetup setup{.device = stub::kDevice,
                         .make = graphs_of(stub::kDevice),
                         .batch_size = 2,
                         .parameters = parts_->network->parameters(),
                         .statistics = parts_->network->buffers(),
                         .repeats = true,
                         .step = [this](const Batch& batch) { return call(batch); },
                         .failed = [](const std::string& problem) { ADD_FAILURE() << problem; }};
    graph_.emplace(std::move(setup));
  }

  Batch batch(std::int64_t seed) const {
    torch::manual_seed(static_cast<std::uint64_t>(seed));
    const Tensor labels = torch::randint(num_classes_, {2, 32, 40}, torch::kByte);
    labels.slice(2, 0, 3).fill_(core::kVoidLabel);
    return {.images = torch::rand({2, 3, 32, 40}).to(stub::kDevice), .labels = labels.to(stub::kDevice)};
  }
  Tensor call(const Batch& batch) {
    const Tensor loss = parts_->loss->mean(parts_->network->forward(batch.images), batch.labels);
    loss.backward();
    return loss.detach();
  }
  Tensor run(const Batch& batch) { return graph_->run(batch); }
  bool is_recorded() const { return graph_->is_recorded(); }
  /// An evaluation of a batch, whose loss is said on the CPU.
  void evaluate(const Batch& batch) {
    const torch::NoGradGuard no_grad;
    parts_->loss->value(
        parts_->loss->image_sums(parts_->network->forward(batch.images), batch.labels).sum(0).cpu());
  }
  TrialParts& parts() { return *parts_; }
  /// Those of the parameters, on the CPU.
  std::vector<Tensor> gradients() const {
    std::vector<Tensor> all;
    for (const Tensor& parameter : parts_->network->parameters()) all.push_back(parameter.grad().cpu());
    return all;
  }

 private:
  std::filesystem::path trial_;
  std::int64_t num_classes_;
  std::unique_ptr<TrialParts> parts_;
  std::optional<StepGraph> graph_;
};

TEST(StubGraphs, TakeAHandfulOfOperationsAndTheSameMemoryInEveryStep) {
  SEGBENCH_NEEDS_GRAPHS();
  const tests::TinyTrials trials;
  core::VariantConfig variant = variant_of(1);
  variant.training.batch_size = 2;
  Steps steps(trials, variant, 3);
  std::set<std::vector<void*>> places;
  int called = 0, replayed = 0;
  for (std::int64_t i = 0; i < 10; ++i) {
    const Batch batch = steps.batch(i);
    steps.parts().optimizer->zero_grad();
    const int before = stub::record().operations;
    steps.run(batch);
    (i < 3 ? called : replayed) = stub::record().operations - before;
    if (i > 3) {
      std::vector<void*> place;
      for (const Tensor& parameter : steps.parts().network->parameters())
        place.push_back(parameter.grad().data_ptr());
      places.insert(place);
    }
    steps.parts().optimizer->step();
  }
  EXPECT_GT(called, 100);
  EXPECT_EQ(replayed, 3) << "images and labels are copied, and one call does the rest";
  EXPECT_EQ(places.size(), 1U);
}

TEST(StubGraphs, CanBeRecordedOfEveryLoss) {
  SEGBENCH_NEEDS_GRAPHS();
  const tests::TinyTrials three, two(tests::TinyData{.num_classes = 2});
  int seen = 0;
  for (const core::PartSpec* spec : core::PartRegistry::instance().all(core::PartKind::kLoss)) {
    SCOPED_TRACE(spec->name);
    core::VariantConfig variant = variant_of(1);
    variant.training.batch_size = 2;
    variant.training.loss = {spec->name, Json::object()};
    for (const core::ParamSpec& param : spec->params) {
      if (param.types == core::kPartList)
        variant.training.loss.params[param.name] = {{{"name", "dice"}}, {{"name", "focal"}}};
    }
    const bool sigmoid =
        core::traits_of(core::PartKind::kLoss, variant.training.loss).at("head") == "sigmoid";
    Steps steps(sigmoid ? two : three, variant, sigmoid ? 2 : 3);
    for (std::int64_t i = 0; i < 6; ++i) {
      const Batch batch = steps.batch(i);
      steps.parts().optimizer->zero_grad();
      const Tensor loss = steps.run(batch).cpu();
      const std::vector<Tensor> gradients = steps.gradients();
      steps.evaluate(batch);
      steps.parts().optimizer->zero_grad();
      EXPECT_TRUE(steps.call(batch).cpu().equal(loss)) << i;
      const std::vector<Tensor> expected = steps.gradients();
      for (std::size_t k = 0; k < expected.size(); ++k) EXPECT_TRUE(expected[k].equal(gradients[k])) << i;
      steps.parts().optimizer->step();
    }
    EXPECT_TRUE(steps.is_recorded());
    ++seen;
  }
  EXPECT_GE(seen, 15);
}

}  // namespace
}  // namespace segbench::train
