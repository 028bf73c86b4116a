// SPDX-License-Identifier: MIT
#pragma once

#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "architectures/networks/architecture.h"
#include "architectures/torch/network.h"
#include "harness/core/counts.h"
#include "harness/core/stopwatch.h"
#include "harness/losses/loss.h"
#include "harness/optimizers/optimizer.h"
#include "harness/train/device.h"
#include "harness/train/runtime_settings.h"

// What costs are compared with: a training step of the small U-Net, 128 x 128, batches of 8, 21 classes,
// cross-entropy, Adam.

namespace segbench::bench {

inline constexpr int kSide = 128, kBatch = 8, kClasses = 21;

inline double seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return core::seconds_since(begin);
}

/// Labels of `classes` in blobs of some 40 pixels, a few of them void.
inline torch::Tensor some_labels(int classes) {
  const torch::Tensor at = torch::arange(kSide, torch::kLong).floor_divide(40);
  const torch::Tensor maps =
      torch::arange(kBatch, torch::kLong).view({-1, 1, 1}) + at.view({1, -1, 1}) * 3 + at;
  torch::Tensor labels = maps.remainder(classes).to(torch::kByte).contiguous();
  labels.narrow(1, 0, 2).fill_(core::kVoidLabel);
  return labels;
}

/// Forward, cross-entropy, backward, Adam.
class UnetStep {
 public:
  static UnetStep& instance() {
    static UnetStep step;
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
  UnetStep() {
    train::set_threads(0);
    train::prefer_determinism();
    const core::ModelConfig model{.architecture = "unet", .size = "small"};
    network_ =
        architectures::make_network(architectures::network_options(model, 3, kClasses, kSide, kSide), 1);
    const torch::MemoryFormat format = train::memory_format_on(torch::kCPU);
    architectures::use_memory_format(*network_, format);
    network_->train();
    images_ = torch::rand({kBatch, 3, kSide, kSide}).contiguous(format);
    optimizer_ =
        optimizers::make_optimizer({"adam", core::Json::object()}, architectures::named_tensors(*network_));
    run();
  }

  std::shared_ptr<architectures::Network> network_;
  std::unique_ptr<losses::Loss> loss_ =
      losses::make_loss({"cross_entropy", core::Json::object()}, {kClasses});
  std::unique_ptr<optimizers::Optimizer> optimizer_;
  torch::Tensor images_, labels_ = some_labels(kClasses);
};

/// Times a step and `work`, one after the other, in each iteration: `percent` is the median of their ratios,
/// `lowest` and `highest` say how far these spread. The time shown is that of the work.
inline void compare_with_step(benchmark::State& state, const std::function<void()>& work) {
  UnetStep& step = UnetStep::instance();
  work();
  std::vector<double> percents;
  for (auto _ : state) {
    const double of_step = step.run(), of_work = seconds(work);
    percents.push_back(100 * of_work / of_step);
    state.SetIterationTime(of_work);
  }
  std::sort(percents.begin(), percents.end());
  state.counters["percent"] = percents[percents.size() / 2];
  state.counters["lowest"] = percents.front();
  state.counters["highest"] = percents.back();
}

}  // namespace segbench::bench
