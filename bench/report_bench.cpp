// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <filesystem>

#include "bench/made_up_trials.h"
#include "reports/report.h"
#include "results/store/import_runs.h"
#include "results/store/store.h"

// A report of 12 variants x 10 seeds x 100 epochs x 1,449 images: goals are 3 seconds and a page of 5 MB. And
// one of 10,000 trials: 1,000 variants x 10 seeds x 25 epochs x 2 images.

namespace {

using namespace segbench;

/// The runs folder of a made-up study, with its store.
std::filesystem::path make(const std::string& name, const bench::StudySize& study) {
  const std::filesystem::path runs = bench::work_folder() / name;
  bench::write_study(runs, study);
  store::Store store = store::Store::open(runs / core::kStoreFile);
  store::import_runs(store, runs);
  return runs;
}

const std::filesystem::path& long_study() {
  static const std::filesystem::path runs =
      make("long", {.variants = 12, .seeds = 10, .epochs = 100, .images = 1449});
  return runs;
}

const std::filesystem::path& study_of_10000() {
  static const std::filesystem::path runs =
      make("wide", {.variants = 1000, .seeds = 10, .epochs = 25, .images = 2});
  return runs;
}

/// All that `segbench report` does after the store is open; with or without gnuplot.
void write_report_of(benchmark::State& state, const std::filesystem::path& runs) {
  const store::Store store = store::Store::open_read_only(runs / core::kStoreFile);
  reports::ReportOptions options;
  options.plots = state.range(0) != 0;
  std::filesystem::path page;
  for (auto _ : state) page = reports::write_report(store, runs, "bench", options).page;
  state.counters["html_bytes"] = static_cast<double>(std::filesystem::file_size(page));
}

void write_report(benchmark::State& state) {
  write_report_of(state, long_study());
}

void write_report_of_10000_trials(benchmark::State& state) {
  write_report_of(state, study_of_10000());
}

/// The model alone: all that is read and concluded.
void build_model(benchmark::State& state) {
  const std::filesystem::path& runs = long_study();
  const store::Store store = store::Store::open_read_only(runs / core::kStoreFile);
  for (auto _ : state)
    benchmark::DoNotOptimize(reports::build_model(conclusions::load_inputs(store, runs, "bench")));
}

BENCHMARK(write_report)->ArgName("plots")->Arg(1)->Arg(0)->Unit(benchmark::kMillisecond);
BENCHMARK(write_report_of_10000_trials)->ArgName("plots")->Arg(1)->Arg(0)->Unit(benchmark::kMillisecond);
BENCHMARK(build_model)->Unit(benchmark::kMillisecond);

}  // namespace
