// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <filesystem>

#include "bench/made_up_trials.h"
#include "reports/report.h"
#include "results/store/import_runs.h"
#include "results/store/store.h"

// A report of 12 variants x 10 seeds x 100 epochs x 1,449 images: goals are 3 seconds and a page of 5 MB.

namespace {

using namespace segbench;

/// The runs folder with the store of that study; made once.
const std::filesystem::path& large_study() {
  static std::filesystem::path runs;
  if (!runs.empty()) return runs;
  runs = bench::work_folder() / "report";
  bench::write_study(runs, {.variants = 12, .seeds = 10, .epochs = 100, .images = 1449});
  store::Store store = store::Store::open(runs / core::kStoreFile);
  store::import_runs(store, runs);
  return runs;
}

/// All that `segbench report` does after the store is open; with or without gnuplot.
void write_report(benchmark::State& state) {
  const std::filesystem::path& runs = large_study();
  const store::Store store = store::Store::open_read_only(runs / core::kStoreFile);
  reports::ReportOptions options;
  options.plots = state.range(0) != 0;
  std::filesystem::path page;
  for (auto _ : state) page = reports::write_report(store, runs, "bench", options).page;
  state.counters["html_bytes"] = static_cast<double>(std::filesystem::file_size(page));
}

/// The model alone: all that is read and concluded.
void build_model(benchmark::State& state) {
  const std::filesystem::path& runs = large_study();
  const store::Store store = store::Store::open_read_only(runs / core::kStoreFile);
  for (auto _ : state)
    benchmark::DoNotOptimize(reports::build_model(conclusions::load_inputs(store, runs, "bench")));
}

BENCHMARK(write_report)->ArgName("plots")->Arg(1)->Arg(0)->Unit(benchmark::kMillisecond);
BENCHMARK(build_model)->Unit(benchmark::kMillisecond);

}  // namespace
