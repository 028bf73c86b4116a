// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <vector>

#include "harness/core/random.h"
#include "results/statistics/two_level.h"

// The two-level bootstrap (goal: 10,000 draws over 10 seeds x 1,449 images x 12 variants in a second).

namespace {

using namespace segbench;

void two_level(benchmark::State& state) {
  core::Stream stream(1, core::Purpose::kBootstrap);
  std::vector<statistics::SeedsByImages> tables(static_cast<std::size_t>(state.range(0)),
                                                statistics::SeedsByImages(10, std::vector<double>(1449)));
  for (statistics::SeedsByImages& table : tables) {
    for (std::vector<double>& row : table) {
      for (double& value : row) value = stream.normal();
    }
  }
  for (auto _ : state) benchmark::DoNotOptimize(statistics::two_level(tables, stream));
}

BENCHMARK(two_level)->ArgName("variants")->Arg(1)->Arg(12)->Unit(benchmark::kMillisecond);

}  // namespace
