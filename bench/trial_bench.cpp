// SPDX-License-Identifier: MIT
// What a trial costs beside its arithmetic, and what the runtime settings bring.
//
//   trial_over_bare_loop   a whole trial (data, augmentation, training, evaluation, recording, hashes, files)
//                          against the same forward, loss, backward, update and evaluation on tensors in
//                          memory (train/bare_loop.h), on the device SEGBENCH_BENCH_DEVICE (default: cpu)
//   step_against_plain     a training step of the U-Net with some settings (a sum of 1: kept memory,
//                          2: channels-last, 4: our loss, 8: our optimizer) against a plain LibTorch loop
//   assemble_batch         what a sample costs before the network sees it
//
// Pairs run in turn within one process; the counters are medians of the paired ratios.
#include <benchmark/benchmark.h>
#include <malloc.h>
#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "bench/work_folder.h"
#include "harness/core/files.h"
#include "harness/core/random.h"
#include "harness/core/stopwatch.h"
#include "harness/train/bare_loop.h"
#include "harness/train/device.h"
#include "harness/train/runtime_settings.h"
#include "harness/train/setup.h"
#include "harness/train/trainer.h"

namespace {

namespace core = segbench::core;
namespace train = segbench::train;
using torch::Tensor;

constexpr std::int64_t kSide = 128, kBatch = 8, kClasses = 11;
constexpr std::int64_t kTrain = 32, kSelection = 8, kTest = 8, kEpochs = 2;

const core::Json kAllocator = train::keep_freed_memory();  // before anything else is allocated

/// SEGBENCH_BENCH_DEVICE, as --device; default cpu.
std::string chosen_device() {
  const char* chosen = std::getenv("SEGBENCH_BENCH_DEVICE");
  return chosen == nullptr ? "cpu" : chosen;
}

/// A cache of random pixels and a trial about it.
class Bench {
 public:
  static const Bench& instance() {
    static const Bench bench;
    return bench;
  }
  const core::TrialSpec& spec() const { return spec_; }
  std::filesystem::path trial_folder() const { return segbench::bench::work_folder() / "trial"; }
  torch::Device device() const { return device_; }
  torch::MemoryFormat memory_format() const { return train::memory_format_on(device_); }
  std::unique_ptr<train::TrialParts> parts() const {
    return train::build_trial(spec_, trial_folder(), device_, memory_format());
  }

 private:
  Bench() {
    train::set_threads(0);
    train::prefer_determinism();
    core::CacheManifest manifest;
    manifest.kind = "bench";
    manifest.height = manifest.width = kSide;
    manifest.channels = 3;
    manifest.data_fingerprint = "bench";
    for (int c = 0; c < kClasses; ++c) manifest.classes.push_back({std::to_string(c), {}});
    core::Stream stream(1, core::Purpose::kShapes);
    std::string images, labels;
    for (std::int64_t i = 0; i < kTrain + kSelection + kTest; ++i) {
      for (std::int64_t k = 0; k < kSide * kSide * 3; ++k)
        images += static_cast<char>(stream.next_u32() & 0xFF);
      std::vector<std::uint8_t> map;
      for (std::int64_t k = 0; k < kSide * kSide; ++k) {
        map.push_back(static_cast<std::uint8_t>((k / 40 + k / (40 * kSide) * 3) % kClasses));
      }
      labels.append(map.begin(), map.end());
      manifest.samples.push_back({.id = std::to_string(i),
                                  .image_file = "",
                                  .mask_file = "",
                                  .image_sha256 = "",
                                  .original_height = kSide,
                                  .original_width = kSide,
                                  .class_pixels = core::count_labels(map, kClasses)});
      auto& split = i < kTrain                ? spec_.splits.train
                    : i < kTrain + kSelection ? spec_.splits.selection
                                              : spec_.splits.test;
      split.push_back(i);
    }
    std::filesystem::create_directories(segbench::bench::work_folder() / "cache");
    std::filesystem::create_directories(trial_folder());
    core::write_file_atomically(segbench::bench::work_folder() / "cache" / core::kCacheImagesFile, images);
    core::write_file_atomically(segbench::bench::work_folder() / "cache" / core::kCacheLabelsFile, labels);
    core::write_file_atomically(segbench::bench::work_folder() / "cache" / core::kCacheManifestFile,
                                core::to_json(manifest).dump());
    spec_.trial_id = spec_.variant_id = "bench";
    spec_.seed = 1;
    spec_.data_fingerprint = "bench";
    spec_.cache = "../cache";
    spec_.variant.data.normalise = "unit_range";
    spec_.variant.model = {.architecture = "unet", .size = "small", .width = 0.25};
    spec_.variant.training = {.epochs = kEpochs,
                              .batch_size = kBatch,
                              .loss = {"cross_entropy", core::Json::object()},
                              .optimizer = {"adam", core::Json::object()},
                              .augment = {{"horizontal_flip", core::Json::object()}},
                              .select = "last",
                              .select_by = "miou_no_background",
                              .evaluate_every = 1};
  }

  core::TrialSpec spec_;
  torch::Device device_ = train::resolve_device(chosen_device());
};

double seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return core::seconds_since(begin);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// A whole trial without the time of building its network, which the bare loop does not count either.
double run_trial() {
  const Bench& bench = Bench::instance();
  for (const char* file : {core::kEventsFile, core::kWeightsFile, core::kCheckpointFile}) {
    std::filesystem::remove(bench.trial_folder() / file);
  }
  const auto parts = bench.parts();
  train::Progress progress(-1, "bench");
  return seconds([&] {
    train::Trainer trainer(bench.spec(), bench.trial_folder(), *parts,
                           {.device = bench.device(), .keep_predictions = 4}, progress);
    trainer.prepare();
    trainer.run();
  });
}

/// The same arithmetic: training, an evaluation after each epoch, and the final ones on both splits.
double run_bare() {
  const Bench& bench = Bench::instance();
  train::BareLoop loop(bench.spec(), bench.trial_folder(), bench.device(), bench.memory_format());
  double seconds = 0;
  for (std::int64_t epoch = 0; epoch < kEpochs; ++epoch) seconds += loop.train() + loop.evaluate_selection();
  return seconds + loop.evaluate_selection() + loop.evaluate_test();
}

void trial_over_bare_loop(benchmark::State& state) {
  Bench::instance();
  std::vector<double> ratios;
  bool trial_first = true;
  for (auto _ : state) {
    const double first = trial_first ? run_trial() : run_bare();
    const double second = trial_first ? run_bare() : run_trial();
    const double trial = trial_first ? first : second, bare = trial_first ? second : first;
    ratios.push_back(trial / bare);
    state.SetIterationTime(trial);
    trial_first = !trial_first;
  }
  state.counters["trial_over_bare"] = median(ratios);
}
BENCHMARK(trial_over_bare_loop)->UseManualTime()->Iterations(10)->Unit(benchmark::kMillisecond);

struct Pair {
  Tensor images, labels;
};

/// The batches of some samples as tensors in memory.
std::vector<Pair> in_memory(train::TrialParts& parts, const std::vector<std::int64_t>& samples) {
  std::vector<Pair> batches;
  parts.loader->start({.order = samples, .first_batch = 0, .augment = false, .seed = 1, .epoch = 1});
  while (const train::Batch* batch = parts.loader->next()) {
    batches.push_back({batch->images.clone(), batch->labels.clone()});
  }
  return batches;
}

/// What a training step may do to be faster; the second argument of step_against_plain is a sum of them.
enum Setting { kKeptMemory = 1, kChannelsLast = 2, kOurLoss = 4, kOurOptimizer = 8 };

/// As a worker sets it, or as glibc starts.
void keep_memory(bool keep) {
  if (keep) {
    train::keep_freed_memory();
    return;
  }
  ::mallopt(M_MMAP_MAX, 65536);
  ::mallopt(M_TRIM_THRESHOLD, 128 << 10);
  ::mallopt(M_TOP_PAD, 128 << 10);
}

/// A training step: forward, cross-entropy, backward, Adam. Without any of them as a plain LibTorch loop has
/// it.
class Stepper {
 public:
  Stepper(double width, int settings) : settings_(settings), spec_(Bench::instance().spec()) {
    spec_.variant.model.width = width;
    parts_ = train::build_trial(spec_, Bench::instance().trial_folder(), torch::kCPU,
                                train::memory_format_on(torch::kCPU));
    const auto format =
        has(kChannelsLast) ? torch::MemoryFormat::ChannelsLast : torch::MemoryFormat::Contiguous;
    segbench::architectures::use_memory_format(*parts_->network, format);
    const Pair batch = in_memory(*parts_, spec_.splits.train)[0];
    images_ = batch.images.contiguous(format);
    labels_ = has(kOurLoss) ? batch.labels : batch.labels.to(torch::kLong);
    adam_ =
        std::make_unique<torch::optim::Adam>(parts_->network->parameters(), torch::optim::AdamOptions(1e-3));
  }

  double run() {
    keep_memory(has(kKeptMemory));
    return seconds([&] {
      has(kOurOptimizer) ? parts_->optimizer->zero_grad() : adam_->zero_grad();
      const Tensor logits = parts_->network->forward(images_);
      const Tensor loss = has(kOurLoss) ? parts_->loss->mean(logits, labels_)
                                        : torch::nn::functional::cross_entropy(logits, labels_);
      loss.backward();
      has(kOurOptimizer) ? parts_->optimizer->step() : static_cast<void>(adam_->step());
    });
  }

 private:
  bool has(Setting setting) const { return (settings_ & setting) != 0; }

  int settings_;
  core::TrialSpec spec_;
  std::unique_ptr<train::TrialParts> parts_;
  Tensor images_, labels_;
  std::unique_ptr<torch::optim::Adam> adam_;
};

void step_against_plain(benchmark::State& state) {
  const double width = static_cast<double>(state.range(0)) / 100;
  Stepper plain(width, 0), ours(width, static_cast<int>(state.range(1)));
  plain.run();
  ours.run();
  std::vector<double> speedups;
  for (auto _ : state) {
    const double theirs = plain.run(), time = ours.run();
    speedups.push_back(theirs / time);
    state.SetIterationTime(time);
  }
  keep_memory(true);
  state.counters["speedup"] = median(speedups);
  state.counters["lowest"] = *std::min_element(speedups.begin(), speedups.end());
  state.counters["highest"] = *std::max_element(speedups.begin(), speedups.end());
}
BENCHMARK(step_against_plain)
    ->ArgNames({"width_percent", "settings"})
    ->ArgsProduct({{25, 100}, {1, 3, 13, 15}})
    ->UseManualTime()
    ->Iterations(21)
    ->Unit(benchmark::kMillisecond);

void assemble_batch(benchmark::State& state) {
  const Bench& bench = Bench::instance();
  const auto parts = bench.parts();
  std::int64_t images = 0;
  for (auto _ : state) {
    parts->loader->start({.order = bench.spec().splits.train,
                          .first_batch = 0,
                          .augment = state.range(0) != 0,
                          .seed = 1,
                          .epoch = 1});
    while (const train::Batch* batch = parts->loader->next()) images += batch->images.size(0);
  }
  state.SetItemsProcessed(images);
}
BENCHMARK(assemble_batch)->ArgName("augment")->Arg(0)->Arg(1)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
