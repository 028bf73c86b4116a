// SPDX-License-Identifier: MIT
// What a sample costs per epoch before the network sees it: reading the memory-mapped cache and flipping.
#include <benchmark/benchmark.h>

#include <cstring>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

#include "bench/work_folder.h"
#include "harness/core/decode_cache.h"
#include "harness/core/random.h"

namespace {

using segbench::core::DecodeCache;

constexpr std::int64_t kSamples = 256, kHeight = 128, kWidth = 128, kChannels = 3;

/// The folder of a cache of random pixels, made once and removed at exit.
const std::filesystem::path& cache_folder() {
  const std::filesystem::path& folder = segbench::bench::work_folder();
  static const bool written = [&] {
    using namespace segbench::core;
    CacheManifest manifest{.data_fingerprint = "bench",
                           .kind = "bench",
                           .height = kHeight,
                           .width = kWidth,
                           .channels = kChannels,
                           .classes = {{.name = "a"}, {.name = "b"}},
                           .samples = {},
                           .official_splits = {},
                           .images_sha256 = "",
                           .labels_sha256 = ""};
    for (std::int64_t i = 0; i < kSamples; ++i) {
      manifest.samples.push_back({.id = std::to_string(i),
                                  .image_file = "",
                                  .mask_file = "",
                                  .image_sha256 = "",
                                  .original_height = kHeight,
                                  .original_width = kWidth,
                                  .class_pixels = {kHeight * kWidth, 0, 0}});
    }
    Stream stream(1, Purpose::kShapes);
    std::string images(static_cast<std::size_t>(kSamples * kHeight * kWidth * kChannels), '\0');
    for (char& byte : images) byte = static_cast<char>(stream.next_u32());
    write_file_atomically(folder / kCacheImagesFile, images);
    write_file_atomically(folder / kCacheLabelsFile,
                          std::string(static_cast<std::size_t>(kSamples * kHeight * kWidth), '\0'));
    write_file_atomically(folder / kCacheManifestFile, to_json(manifest).dump());
    return true;
  }();
  (void)written;
  return folder;
}

std::vector<std::int64_t> shuffled_order() {
  std::vector<std::int64_t> order(static_cast<std::size_t>(kSamples));
  std::iota(order.begin(), order.end(), 0);
  segbench::core::Stream(1, segbench::core::Purpose::kOrder).shuffle(std::span(order));
  return order;
}

void OpenCache(benchmark::State& state) {
  cache_folder();
  for (auto _ : state) benchmark::DoNotOptimize(DecodeCache(cache_folder()).size());
}

void ReadShuffledEpoch(benchmark::State& state) {
  const DecodeCache source(cache_folder());
  const auto order = shuffled_order();
  std::vector<std::uint8_t> image(source.image(0).size()), labels(source.labels(0).size());
  for (auto _ : state) {
    for (const std::int64_t index : order) {
      std::memcpy(image.data(), source.image(index).data(), image.size());
      std::memcpy(labels.data(), source.labels(index).data(), labels.size());
      benchmark::ClobberMemory();
    }
  }
  state.SetItemsProcessed(state.iterations() * kSamples);
  state.SetBytesProcessed(state.iterations() * kSamples *
                          static_cast<std::int64_t>(image.size() + labels.size()));
}

BENCHMARK(OpenCache);
BENCHMARK(ReadShuffledEpoch)->Unit(benchmark::kMillisecond);

}  // namespace
