// SPDX-License-Identifier: MIT
#include "harness/train/step_graph.h"

#include <cxxabi.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>
#include <map>
#include <new>

#include "tests/support/fake_accelerator.h"
#include "tests/train/tiny_trial.h"

// Which steps are called operation by operation, recorded and replayed, with a device that pretends to.
// tests/stub_device/step_graph_test.cpp has whole trials.

namespace segbench::train {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using torch::Tensor;

/// A step of one weight: the loss is the sum of all pixels times the weight, its gradient the sum of all
/// pixels, and a statistic counts steps. The graph does again what the step did while it was recorded.
class Pretence {
 public:
  int called = 0, recorded = 0, replayed = 0;
  std::string fails_to_begin, fails_to_step, fails_to_replay;
  bool lacks_memory = false;
  double adds = 0;  ///< to the gradient of a replayed step
  std::vector<std::string> problems;
  Tensor weight = torch::ones({1}).requires_grad_(true), steps = torch::zeros({1});

  StepGraphSetup setup() {
    return {.device = torch::kCPU,
            .make = [this] { return std::make_unique<Graph>(*this); },
            .batch_size = 2,
            .parameters = {weight},
            .statistics = {steps},
            .repeats = true,
            .step = [this](const Batch& batch) { return step(batch); },
            .failed = [this](const std::string& problem) { problems.push_back(problem); }};
  }
  /// What a training step does with it; returns the loss.
  double train(StepGraph& graph, std::int64_t images, float value) {
    weight.mutable_grad().reset();
    const Batch batch{.images = torch::full({images, 1, 2, 2}, value),
                      .labels = torch::zeros({images, 2, 2}, torch::kByte)};
    return graph.run(batch).item<double>();
  }
  double gradient() const { return weight.grad().item<double>(); }

 private:
  class Graph final : public DeviceGraph {
   public:
    explicit Graph(Pretence& all) : all_(all) {}
    void begin() override {
      TORCH_CHECK(all_.fails_to_begin.empty(), all_.fails_to_begin);
      if (all_.lacks_memory) throw std::bad_alloc();
      all_.is_recording_ = true;
    }
    void end() override {
      all_.is_recording_ = false;
      TORCH_CHECK(all_.fails_to_step.empty(), "a spoilt recording");
    }
    void replay() override {
      TORCH_CHECK(all_.fails_to_replay.empty(), all_.fails_to_replay);
      ++all_.replayed;
      all_.again_();
    }

   private:
    Pretence& all_;
  };

  Tensor step(const Batch& batch) {
    const Tensor images = batch.images;
    if (!is_recording_) {
      ++called;
      steps += 1;
      const Tensor loss = (images * weight).sum();
      loss.backward();
      return loss.detach();
    }
    ++recorded;
    TORCH_CHECK(fails_to_step.empty(), fails_to_step);
    const Tensor loss = torch::zeros({}), gradient = torch::zeros({1});
    weight.mutable_grad() = gradient;
    again_ = [this, images, loss, gradient] {
      const torch::NoGradGuard no_grad;
      Tensor(loss).copy_((images * weight).sum());
      Tensor(gradient).copy_(images.sum() + adds);
      steps += 1;
    };
    return loss;
  }

  bool is_recording_ = false;
  std::function<void()> again_;
};

TEST(StepGraph, ReplaysFullBatchesOnceSomeWereCalled) {
  Pretence device;
  StepGraph graph(device.setup());
  const void* place = nullptr;
  for (int i = 1; i <= 12; ++i) {
    const std::int64_t images = i % 3 == 0 ? 1 : 2;
    const float value = static_cast<float>(i);
    EXPECT_EQ(device.train(graph, images, value), 4 * images * i);
    EXPECT_EQ(device.gradient(), 4 * images * i);
    EXPECT_EQ(device.steps.item<double>(), i) << "each step counts once";
    if (i < 6) {
      EXPECT_EQ(device.replayed, i < 5 ? 0 : 1) << "the fourth full batch is compared";
    } else if (images == 2) {
      EXPECT_TRUE(place == nullptr || place == device.weight.grad().data_ptr());
      place = device.weight.grad().data_ptr();
    }
  }
  EXPECT_TRUE(graph.is_recorded());
  EXPECT_EQ(device.recorded, 1);
  EXPECT_EQ(device.called, 4 + 4) << "four full batches and the four smaller ones";
  EXPECT_EQ(device.replayed, 1 + 4);
  EXPECT_THAT(device.problems, ElementsAre());
}

TEST(StepGraph, LeavesABatchOfAnotherLayoutToItsOperations) {
  Pretence device;
  StepGraph graph(device.setup());
  for (int i = 0; i < 5; ++i) device.train(graph, 2, 1);
  const int replayed = device.replayed;
  device.weight.mutable_grad().reset();
  EXPECT_EQ(graph.run({.images = torch::ones({2, 1, 2, 3}), .labels = torch::zeros({2, 2, 3}, torch::kByte)})
                .item<double>(),
            12);
  EXPECT_EQ(device.replayed, replayed);
}

TEST(StepGraph, CallsOperationsForGoodWhereTheyCannotBeRecorded) {
  for (const int stage : {0, 1, 2, 3, 4}) {
    const std::string words =
        stage == 4 ? tests::kMemoryWords[0] : "CUDA error: operation not permitted when stream is capturing";
    Pretence device;
    if (stage == 0) device.fails_to_begin = words;
    if (stage == 1 || stage == 4) device.fails_to_step = words;
    if (stage == 2) device.fails_to_replay = words;
    if (stage == 3) device.adds = 1e-3;
    StepGraph graph(device.setup());
    for (int i = 1; i <= 8; ++i) {
      EXPECT_EQ(device.train(graph, 2, static_cast<float>(i)), 8 * i);
      EXPECT_EQ(device.gradient(), 8 * i);
      EXPECT_EQ(device.steps.item<double>(), i) << "each step counts once";
    }
    EXPECT_FALSE(graph.is_recorded());
    EXPECT_EQ(device.called, 8);
    EXPECT_LE(device.recorded, 1) << "it is not tried again";
    EXPECT_THAT(device.problems, ElementsAre(HasSubstr(stage == 3 ? "does not give what its operations give"
                                                                  : words.substr(0, words.find('\n')))));
  }
}

TEST(StepGraph, AllowsRoundingWhereTheDeviceAddsUpInNoOrder) {
  for (const double adds : {1e-4, 1.0}) {
    Pretence device;
    device.adds = adds;
    StepGraphSetup setup = device.setup();
    setup.repeats = false;
    StepGraph graph(setup);
    for (int i = 1; i <= 4; ++i) device.train(graph, 2, 1);
    EXPECT_EQ(device.gradient(), 8) << "the step that is compared is that of the operations";
    EXPECT_EQ(graph.is_recorded(), adds < 0.01);
  }
}

TEST(StepGraph, DoesNotHideThatTheDeviceOrTheMemoryOfTheHostIsGone) {
  Pretence gone;
  gone.fails_to_step = tests::kUnusableWords[4];
  StepGraph of_it(gone.setup());
  for (int i = 0; i < 3; ++i) gone.train(of_it, 2, 1);
  EXPECT_THROW(gone.train(of_it, 2, 1), c10::Error);
  EXPECT_THAT(gone.problems, ElementsAre());
  Pretence device;
  device.lacks_memory = true;
  StepGraph graph(device.setup());
  for (int i = 0; i < 3; ++i) device.train(graph, 2, 1);
  EXPECT_THROW(device.train(graph, 2, 1), std::bad_alloc);
}

TEST(StepGraph, IsPreventedByWhatDiffersFromStepToStep) {
  const tests::TinyTrials trials;
  const auto prevented = [&](core::VariantConfig variant, bool has_graphs = true,
                             const std::vector<std::string>& without = {}) {
    const core::TrialSpec spec = trials.spec(variant);
    const auto network = architectures::make_network({.architecture = variant.model.architecture,
                                                      .size = "small",
                                                      .width = 0.05,
                                                      .in_channels = 3,
                                                      .num_outputs = 3,
                                                      .image_height = 32,
                                                      .image_width = 40,
                                                      .params = core::Json::object()},
                                                     1);
    return graphs_prevented_by(spec, *network, levers_without(without), has_graphs);
  };
  core::VariantConfig variant = tests::tiny_variant();
  EXPECT_THAT(prevented(variant), ElementsAre());
  EXPECT_THAT(prevented(variant, false), ElementsAre(HasSubstr("LibTorch")));
  EXPECT_THAT(prevented(variant, true, {"graphs"}), ElementsAre("run.without"));
  variant.training.accumulate_batches = 2;
  EXPECT_THAT(prevented(variant), ElementsAre("training.accumulate_batches"));
  variant = tests::tiny_variant();
  variant.training.processes = 2;
  EXPECT_THAT(prevented(variant), ElementsAre("training.processes"));
  variant = tests::tiny_variant();
  variant.training.batch_size = 14;
  EXPECT_THAT(prevented(variant), ElementsAre("no full batch"));
  variant = tests::tiny_variant();
  variant.model.architecture = "fcn";
  EXPECT_THAT(prevented(variant), ElementsAre(HasSubstr("dropout")));
}

TEST(DeviceGraphs, OfACpuThereAreNone) {
  EXPECT_FALSE(graphs_of(torch::kCPU));
}

/// What the functions of a library that is none were called with.
struct Calls {
  void* graph = nullptr;
  bool keeps_graph = true;
  std::pair<unsigned long long, unsigned long long> pool{1, 1};
  int mode = 0, begun = 0, ended = 0, replayed = 0, destroyed = 0;
};
Calls& calls() {
  static Calls all;
  return all;
}

TEST(DeviceGraphs, OfCudaAreFoundByTheNamesOfTheirFunctions) {
  calls() = {};
  std::map<std::string, void*> functions;
  const auto add = [&](const std::string& name, auto* function) {
    functions["at::cuda::CUDAGraph::" + name] = reinterpret_cast<void*>(function);
  };
  add(
      "CUDAGraph(bool)", +[](void* graph, bool keep_graph) {
        calls().graph = graph;
        calls().keeps_graph = keep_graph;
      });
  add(
      "~CUDAGraph()", +[](void* graph) { calls().destroyed += graph == calls().graph ? 1 : 0; });
  add(
      "capture_begin(std::pair<unsigned long long, unsigned long long>, cudaStreamCaptureMode)",
      +[](void* graph, std::pair<unsigned long long, unsigned long long> pool, int mode) {
        calls().begun += graph == calls().graph ? 1 : 0;
        calls().pool = pool;
        calls().mode = mode;
      });
  add(
      "capture_end()", +[](void* graph) { calls().ended += graph == calls().graph ? 1 : 0; });
  add(
      "replay()", +[](void* graph) { calls().replayed += graph == calls().graph ? 1 : 0; });
  const FunctionFinder find = [&](const char* name) -> void* {
    int status = -1;
    char* readable = abi::__cxa_demangle(name, nullptr, nullptr, &status);
    const auto found = functions.find(readable == nullptr ? name : readable);
    std::free(readable);
    return found == functions.end() ? nullptr : found->second;
  };
  const GraphMaker make = cuda_graphs(find);
  ASSERT_TRUE(make);
  {
    const auto graph = make();
    EXPECT_FALSE(calls().keeps_graph);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(calls().graph) % alignof(std::max_align_t), 0U);
    graph->begin();
    graph->end();
    graph->replay();
    graph->replay();
  }
  EXPECT_EQ(calls().begun, 1);
  EXPECT_EQ(calls().pool, std::pair(0ULL, 0ULL)) << "memory of its own";
  EXPECT_EQ(calls().mode, 1) << "other threads go on";
  EXPECT_EQ(calls().ended, 1);
  EXPECT_EQ(calls().replayed, 2);
  EXPECT_EQ(calls().destroyed, 1);
  for (const auto& [name, function] : std::map(functions)) {
    functions.erase(name);
    EXPECT_FALSE(cuda_graphs(find)) << name << " is missing";
    functions[name] = function;
  }
}

}  // namespace
}  // namespace segbench::train
