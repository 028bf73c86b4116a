// SPDX-License-Identifier: MIT
// How near `segbench predict` comes to the ideal overlap of its stages:
//
//   bench_predict TRIAL IMAGES… [--engine NAME] [--rounds N] [--batch N]
//
// In each round, in turn: all images are read (on all CPUs), the network computes them (from memory to
// labels), their masks are written (on all CPUs), and then all of it goes through the flow that the command
// uses. What is ideal: the longest stage, or, where CPUs are shared by stages, the sum of their CPU seconds
// divided by the CPUs, whichever is more. Starting the processes and choosing the engine does not count. Use
// an idle machine.
#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <future>
#include <span>
#include <vector>

#include "bench/work_folder.h"
#include "harness/cli/prediction_files.h"
#include "harness/cli/prediction_flow.h"
#include "harness/cli/prediction_results.h"
#include "harness/cli/prediction_session.h"
#include "harness/core/machine.h"
#include "harness/core/spare_threads.h"
#include "harness/core/stopwatch.h"
#include "harness/run/runs_folder.h"

namespace {

using namespace segbench;
namespace fs = std::filesystem;

double own_cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Cost {
  double wall = 0, cpu = 0;
};

struct Bench {
  cli::PredictOptions options;
  cli::NetworkInput input;
  cli::PredictionSession& session;
  std::size_t threads = 2;

  template <typename Work>
  Cost cost_of(const Work& work) const {
    const double before = own_cpu_seconds() + session.cpu_seconds();
    const auto start = std::chrono::steady_clock::now();
    work();
    return {core::seconds_since(start), own_cpu_seconds() + session.cpu_seconds() - before};
  }

  std::vector<cli::Picture> read() const {
    core::SpareThreads helpers(threads);
    std::vector<std::future<cli::Picture>> reading;
    for (const std::string& file : options.images)
      reading.push_back(helpers.run([&] { return cli::read_picture(file, input, std::nullopt); }));
    std::vector<cli::Picture> pictures;
    for (auto& picture : reading) pictures.push_back(picture.get());
    return pictures;
  }

  std::vector<cli::Answer> ask(const std::vector<cli::Picture>& pictures) const {
    std::vector<cli::Answer> answers;
    for (std::size_t first = 0; first < pictures.size(); first += options.batch) {
      const std::size_t count = std::min(options.batch, pictures.size() - first);
      std::vector<std::byte> inputs;
      for (std::size_t i = first; i < first + count; ++i)
        inputs.insert(inputs.end(), pictures[i].inputs.begin(), pictures[i].inputs.end());
      for (data::LabelMap& map : session.ask(inputs, count).maps) answers.push_back({{std::move(map)}, {}});
    }
    return answers;
  }

  void write(const std::vector<cli::Picture>& pictures, const std::vector<cli::Answer>& answers) const {
    core::SpareThreads helpers(threads);
    std::vector<std::future<cli::Written>> writing;
    for (std::size_t i = 0; i < pictures.size(); ++i)
      writing.push_back(
          helpers.run([&, i] { return cli::write_results(pictures[i], answers[i], input, options); }));
    for (auto& written : writing) written.get();
  }

  void whole() const {
    cli::predict_files(
        options.images,
        {.read = [&](const std::string& file) { return cli::read_picture(file, input, std::nullopt); },
         .ask = [&](auto inputs, std::size_t count) { return session.ask(inputs, count); },
         .write =
             [&](const cli::Picture& picture, const cli::Answer& answer) {
               return cli::write_results(picture, answer, input, options);
             },
         .take = [](const cli::Written&) {},
         .interrupted = [] { return false; }},
        {.batch = options.batch, .threads = threads});
  }
};

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

void measure(const Bench& bench, int rounds) {
  std::vector<std::vector<double>> walls(4), cpus(4);
  std::vector<double> ratios;
  for (int round = -1; round < rounds; ++round) {  // the first one warms up
    std::vector<cli::Picture> pictures;
    std::vector<cli::Answer> answers;
    const Cost costs[] = {bench.cost_of([&] { pictures = bench.read(); }),
                          bench.cost_of([&] { answers = bench.ask(pictures); }),
                          bench.cost_of([&] { bench.write(pictures, answers); }),
                          bench.cost_of([&] { bench.whole(); })};
    if (round < 0) continue;
    double longest = 0, sum = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      walls[i].push_back(costs[i].wall), cpus[i].push_back(costs[i].cpu);
      if (i < 3) longest = std::max(longest, costs[i].wall), sum += costs[i].cpu;
    }
    ratios.push_back(costs[3].wall / std::max(longest, sum / core::usable_cpus()));
  }
  const char* names[] = {"read", "network", "write", "whole"};
  fmt::print("{} images of {} x {}, batches of {}, {} CPUs, n = {} rounds, medians\n",
             bench.options.images.size(), bench.input.height, bench.input.width, bench.options.batch,
             core::usable_cpus(), rounds);
  for (std::size_t i = 0; i < 4; ++i)
    fmt::print("{:8} {:8.3f} s {:8.3f} CPU s\n", names[i], median(walls[i]), median(cpus[i]));
  fmt::print("whole / ideal {:.3f} ({:.3f} to {:.3f})\n", median(ratios),
             *std::min_element(ratios.begin(), ratios.end()),
             *std::max_element(ratios.begin(), ratios.end()));
}

}  // namespace

int main(int argc, char** argv) try {
  cli::PredictOptions options;
  int rounds = 7;
  CLI::App app("How near predictions come to the ideal overlap of their stages", "bench_predict");
  app.add_option("TRIAL", options.trial)->required();
  app.add_option("IMAGES", options.images)->required();
  app.add_option("--engine", options.engine);
  app.add_option("--rounds", rounds);
  app.add_option("--batch", options.batch);
  CLI11_PARSE(app, argc, argv);
  const fs::path trial = run::find_trial("runs", options.trial), scratch = bench::work_folder();
  const core::TrialSpec spec = core::read_trial_spec(trial / core::kTrialFile);
  options.images = cli::prediction_files(options.images);
  options.output = scratch / "masks";
  fs::create_directories(options.output);
  const auto networks = cli::networks_of(trial, spec);
  const cli::NetworkInput input = cli::read_network_input(networks.front() / core::kWeightsFile, spec);
  cli::PredictionSession session({.networks = networks,
                                  .scratch = scratch,
                                  .engine = options.engine,
                                  .programs = profile::known_engines(scratch / "engines"),
                                  .interrupted = [] { return false; }},
                                 input);
  measure({options, input, session, static_cast<std::size_t>(std::clamp(core::usable_cpus(), 2, 16))},
          rounds);
} catch (const core::UserError& error) {
  fmt::print(stderr, "bench_predict: {}\n", error.what());
  return error.exit_code();
}
