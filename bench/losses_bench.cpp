// SPDX-License-Identifier: MIT
// What each loss costs of a training step of the small U-Net: 128 x 128, batches of 8, 21 classes (2 of a
// sigmoid head), Adam.
//
//   loss_of_step/NAME   value and gradient by the logits, against a whole step with the cross-entropy
//
// Each iteration times both, one after the other; `percent` is the median of their ratios, `lowest` and
// `highest` say how far these spread. The time shown is the loss'.
#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "architectures/networks/architecture.h"
#include "architectures/torch/network.h"
#include "harness/core/counts.h"
#include "harness/core/part.h"
#include "harness/losses/loss.h"
#include "harness/optimizers/optimizer.h"
#include "harness/train/device.h"
#include "harness/train/runtime_settings.h"

namespace {

namespace core = segbench::core;
namespace losses = segbench::losses;
namespace train = segbench::train;
using torch::Tensor;

constexpr int kSide = 128, kBatch = 8, kClasses = 21;

const core::Json kAllocator = train::keep_freed_memory();  // before anything else is allocated

double seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// Labels of `classes` in blobs of some 40 pixels, a few of them void.
Tensor some_labels(int classes) {
  const Tensor at = torch::arange(kSide, torch::kLong).floor_divide(40);
  const Tensor maps = torch::arange(kBatch, torch::kLong).view({-1, 1, 1}) + at.view({1, -1, 1}) * 3 + at;
  Tensor labels = maps.remainder(classes).to(torch::kByte).contiguous();
  labels.narrow(1, 0, 2).fill_(core::kVoidLabel);
  return labels;
}

/// A step of the small U-Net: forward, cross-entropy, backward, Adam.
class Step {
 public:
  static Step& instance() {
    static Step step;
    return step;
  }
  double run() {
    return seconds([&] {
      optimizer_->zero_grad();
      loss_->mean(network_->forward(images_), labels_).backward();
      optimizer_->step();
    });
  }

 private:
  Step() {
    train::set_threads(0);
    train::prefer_determinism();
    const core::ModelConfig model{.architecture = "unet", .size = "small"};
    network_ = segbench::architectures::make_network(
        segbench::architectures::network_options(model, 3, kClasses, kSide, kSide), 1);
    const torch::MemoryFormat format = train::memory_format_on(torch::kCPU);
    segbench::architectures::use_memory_format(*network_, format);
    network_->train();
    images_ = torch::rand({kBatch, 3, kSide, kSide}).contiguous(format);
    optimizer_ = segbench::optimizers::make_optimizer({"adam", core::Json::object()},
                                                      segbench::architectures::named_tensors(*network_));
    run();
  }

  std::shared_ptr<segbench::architectures::Network> network_;
  std::unique_ptr<losses::Loss> loss_ =
      losses::make_loss({"cross_entropy", core::Json::object()}, {kClasses});
  std::unique_ptr<segbench::optimizers::Optimizer> optimizer_;
  Tensor images_, labels_ = some_labels(kClasses);
};

void loss_of_step(benchmark::State& state, const core::PartChoice& choice) {
  Step& step = Step::instance();
  const bool is_sigmoid = core::traits_of(core::PartKind::kLoss, choice).at("head") == "sigmoid";
  const int classes = is_sigmoid ? 2 : kClasses;
  const auto loss = losses::make_loss(choice, {classes});
  const Tensor labels = some_labels(classes);
  const Tensor logits = torch::randn({kBatch, is_sigmoid ? 1 : classes, kSide, kSide})
                            .contiguous(train::memory_format_on(torch::kCPU))
                            .requires_grad_(true);
  const auto run = [&] {
    logits.mutable_grad().reset();
    loss->mean(logits, labels).backward();
  };
  run();
  std::vector<double> percents;
  for (auto _ : state) {
    const double of_step = step.run(), of_loss = seconds(run);
    percents.push_back(100 * of_loss / of_step);
    state.SetIterationTime(of_loss);
  }
  state.counters["percent"] = median(percents);
  state.counters["lowest"] = *std::min_element(percents.begin(), percents.end());
  state.counters["highest"] = *std::max_element(percents.begin(), percents.end());
}

void add(const std::string& name, const core::PartChoice& choice) {
  benchmark::RegisterBenchmark(("loss_of_step/" + name).c_str(), loss_of_step, choice)
      ->UseManualTime()
      ->Iterations(5)
      ->Unit(benchmark::kMillisecond);
}

}  // namespace

int main(int argc, char** argv) {
  for (const core::PartSpec* spec : core::PartRegistry::instance().all(core::PartKind::kLoss)) {
    if (spec->list_param.empty()) add(spec->name, {spec->name, core::Json::object()});
  }
  const core::Json dice = {{"name", "dice"}}, focal = {{"name", "focal"}};
  add("sum of dice and focal", {"sum", {{"terms", {dice, focal}}}});
  add("binary_cross_entropy of a softmax", {"binary_cross_entropy", {{"head", "softmax"}}});
  add("cross_entropy, label_smoothing", {"cross_entropy", {{"label_smoothing", 0.1}}});
  add("cross_entropy, boundary_weight", {"cross_entropy", {{"boundary_weight", 5.0}}});
  add("cross_entropy, hardest", {"cross_entropy", {{"hardest", 0.25}}});
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
