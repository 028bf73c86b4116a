// SPDX-License-Identifier: MIT
// What a batch costs before the network sees it, against the training step of the small U-Net that it is made
// for: read from the decode cache, augmented, normalised.
//
//   batch_of_step/NAME   with one augmentation, at probability 1; "none", "flip" and usual lists beside them
//
// Each iteration times both, one after the other, so they do not run at the same time as they do in a trial.

#include <filesystem>
#include <memory>
#include <string>

#include "bench/unet_step.h"
#include "bench/work_folder.h"
#include "harness/augmentations/augmentation.h"
#include "harness/core/decode_cache.h"
#include "harness/core/files.h"
#include "harness/core/part.h"
#include "harness/core/random.h"
#include "harness/train/batches.h"

namespace {

namespace augmentations = segbench::augmentations;
namespace bench = segbench::bench;
namespace core = segbench::core;
namespace train = segbench::train;
namespace fs = std::filesystem;

constexpr std::int64_t kSamples = 64;

const core::Json kAllocator = train::keep_freed_memory();  // before anything else is allocated

/// A decode cache of random pixels, with labels in blobs.
class Cache {
 public:
  static const core::DecodeCache& instance() {
    static const Cache cache;
    return *cache.cache_;
  }

 private:
  Cache() {
    const fs::path& folder = bench::work_folder();
    core::CacheManifest manifest;
    manifest.kind = manifest.data_fingerprint = "bench";
    manifest.height = manifest.width = bench::kSide;
    manifest.channels = 3;
    for (int c = 0; c < bench::kClasses; ++c) manifest.classes.push_back({std::to_string(c), {}});
    core::Stream stream(1, core::Purpose::kShapes);
    std::string images, labels;
    for (std::int64_t i = 0; i < kSamples; ++i) {
      for (int k = 0; k < bench::kSide * bench::kSide * 3; ++k)
        images += static_cast<char>(stream.next_u32() & 0xFF);
      const torch::Tensor map = bench::some_labels(bench::kClasses)[i % bench::kBatch].contiguous();
      const std::vector<std::uint8_t> own(map.data_ptr<std::uint8_t>(),
                                          map.data_ptr<std::uint8_t>() + map.numel());
      labels.append(own.begin(), own.end());
      manifest.samples.push_back({.id = std::to_string(i),
                                  .image_file = "",
                                  .mask_file = "",
                                  .image_sha256 = "",
                                  .original_height = bench::kSide,
                                  .original_width = bench::kSide,
                                  .class_pixels = core::count_labels(own, bench::kClasses)});
    }
    core::write_file_atomically(folder / core::kCacheImagesFile, images);
    core::write_file_atomically(folder / core::kCacheLabelsFile, labels);
    core::write_file_atomically(folder / core::kCacheManifestFile, core::to_json(manifest).dump());
    cache_ = std::make_unique<core::DecodeCache>(folder);
  }

  std::unique_ptr<core::DecodeCache> cache_;
};

void batch_of_step(benchmark::State& state, const std::vector<core::PartChoice>& choices) {
  const augmentations::Augmentations parts = augmentations::make_augmentations(choices);
  train::BatchLoader loader(Cache::instance(), parts,
                            {.batch_size = bench::kBatch,
                             .normalisation = core::normalisation("unit_range", 3),
                             .memory_format = train::memory_format_on(torch::kCPU)});
  train::BatchPlan plan{.order = {}, .augment = true, .seed = 1, .epoch = 0};
  for (std::int64_t i = 0; i < kSamples; ++i) plan.partners.push_back(i);
  std::int64_t first = 0;
  bench::compare_with_step(state, [&] {
    plan.order.clear();
    for (std::int64_t i = 0; i < bench::kBatch; ++i) plan.order.push_back((first + i) % kSamples);
    first += bench::kBatch, ++plan.epoch;
    loader.start(plan);
    benchmark::DoNotOptimize(loader.next());
  });
}

void add(const std::string& name, const std::vector<core::PartChoice>& choices) {
  benchmark::RegisterBenchmark(("batch_of_step/" + name).c_str(), batch_of_step, choices)
      ->UseManualTime()
      ->Iterations(5)
      ->Unit(benchmark::kMillisecond);
}

}  // namespace

int main(int argc, char** argv) {
  const core::Json always = {{"probability", 1}};
  add("none", {});
  for (const core::PartSpec* spec : core::PartRegistry::instance().all(core::PartKind::kAugmentation))
    add(spec->name, {{spec->name, always}});
  add("flip, affine, brightness, contrast",
      {{"horizontal_flip", always}, {"affine", always}, {"brightness", always}, {"contrast", always}});
  add("flip, scale_crop, elastic, hue, gaussian_noise, classmix", {{"horizontal_flip", always},
                                                                   {"scale_crop", always},
                                                                   {"elastic", always},
                                                                   {"hue", always},
                                                                   {"gaussian_noise", always},
                                                                   {"classmix", always}});
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
