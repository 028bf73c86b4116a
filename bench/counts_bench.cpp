// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <vector>

#include "harness/core/counts.h"
#include "harness/core/random.h"

// The counts kernel: what an evaluation does with every pixel after the arg max. Beside it the plain loop
// that a user would write, on the same images.

namespace {

using segbench::core::Confusion;

struct Images {
  std::vector<std::uint8_t> truth, prediction;
  int classes = 21;
};

/// `run` pixels in a row share a class, as in real label maps; run = 1 is noise. A twentieth of the pixels is
/// void, a fifth wrong.
Images make_images(std::size_t pixels, std::uint64_t run) {
  segbench::core::Stream stream(1, segbench::core::Purpose::kShapes, 0, run);
  Images images;
  while (images.truth.size() < pixels) {
    const auto truth =
        stream.coin(0.05) ? segbench::core::kVoidLabel : static_cast<std::uint8_t>(stream.below(21));
    const bool right = truth != segbench::core::kVoidLabel && stream.coin(0.8);
    const auto prediction = right ? truth : static_cast<std::uint8_t>(stream.below(21));
    const std::size_t size = std::min<std::size_t>(pixels, images.truth.size() + run);
    images.truth.resize(size, truth);
    images.prediction.resize(size, prediction);
  }
  return images;
}

void finish(benchmark::State& state, std::size_t pixels) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(pixels));
  state.SetLabel("items are pixels");
}

void count_pixels(benchmark::State& state) {
  const auto side = static_cast<std::size_t>(state.range(0));
  const Images images = make_images(side * side, static_cast<std::uint64_t>(state.range(1)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(segbench::core::count_pixels(images.truth, images.prediction, images.classes));
  }
  finish(state, side * side);
}

void plain_loop(benchmark::State& state) {
  const auto side = static_cast<std::size_t>(state.range(0));
  const Images images = make_images(side * side, static_cast<std::uint64_t>(state.range(1)));
  for (auto _ : state) {
    Confusion confusion(images.classes);
    for (std::size_t i = 0; i < images.truth.size(); ++i) {
      if (images.truth[i] != segbench::core::kVoidLabel)
        ++confusion.at(images.truth[i], images.prediction[i]);
    }
    benchmark::DoNotOptimize(confusion);
  }
  finish(state, side * side);
}

void count_labels(benchmark::State& state) {
  const auto side = static_cast<std::size_t>(state.range(0));
  const Images images = make_images(side * side, static_cast<std::uint64_t>(state.range(1)));
  for (auto _ : state) benchmark::DoNotOptimize(segbench::core::count_labels(images.truth, images.classes));
  finish(state, side * side);
}

BENCHMARK(count_pixels)->ArgNames({"side", "run"})->ArgsProduct({{128, 512, 2048}, {1, 40}});
BENCHMARK(plain_loop)->ArgNames({"side", "run"})->ArgsProduct({{128, 512, 2048}, {1, 40}});
BENCHMARK(count_labels)->ArgNames({"side", "run"})->ArgsProduct({{512}, {1, 40}});

}  // namespace
