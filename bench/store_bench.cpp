// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>

#include "bench/made_up_trials.h"
#include "harness/cli/comparison.h"
#include "harness/cli/status_summary.h"
#include "harness/cli/trial_table.h"
#include "harness/core/files.h"
#include "harness/core/identity.h"
#include "harness/core/random.h"
#include "harness/core/study_file.h"
#include "harness/core/trial.h"
#include "harness/run/runs_folder.h"
#include "harness/slurm/limits.h"
#include "harness/slurm/submission.h"
#include "harness/slurm/task_states.h"
#include "harness/trial/event_log.h"
#include "results/store/import_runs.h"
#include "results/store/sqlite.h"
#include "results/store/store.h"

// Event ingest, and 10,000 trials: goals are a query, a comparison or `status` in half a second, `status`
// with a live Slurm array in a second, importing all of them in a minute.

namespace {

using namespace segbench;
using core::Json;

using namespace segbench::bench;

void ingest(benchmark::State& state) {
  const std::filesystem::path folder =
      write_trial(work_folder(), specification(static_cast<std::uint64_t>(state.range(1))), state.range(0),
                  state.range(1));
  const std::filesystem::path file = work_folder() / "ingest.sqlite";
  store::Store store = store::Store::open(file);
  for (auto _ : state) {
    if (!store.import_trial(folder, work_folder()).empty()) state.SkipWithError("the log is not clean");
  }
  state.SetBytesProcessed(state.iterations() *
                          static_cast<std::int64_t>(std::filesystem::file_size(folder / core::kEventsFile)));
}

/// A runs folder with a study of so many complete trials, in variants of ten seeds; made once.
const std::filesystem::path& large_runs(std::int64_t trials) {
  static std::filesystem::path runs;
  if (!runs.empty()) return runs;
  runs = work_folder() / "large";
  write_study(runs, {.variants = trials / 10, .seeds = 10, .epochs = 25, .images = 2});
  return runs;
}

/// All that `segbench import --rebuild` does.
void import_all(benchmark::State& state) {
  const std::filesystem::path& runs = large_runs(10'000);
  const std::filesystem::path file = runs / core::kStoreFile;
  for (auto _ : state) {
    store::remove_database(file);
    store::Store store = store::Store::open(file);
    if (store::import_runs(store, runs).trials != 10'000) state.SkipWithError("trials are missing");
  }
}

/// Takes in what there is, and knows it by its stamps.
void settle(store::Store& store, const std::filesystem::path& runs) {
  store::refresh(store, runs);
  ::sleep(3);  // until what was written lies back far enough
  store::refresh(store, runs);
}

/// What every command does that reads a store of which nothing has changed.
void refresh_all(benchmark::State& state) {
  const std::filesystem::path& runs = large_runs(10'000);
  store::Store store = store::Store::open(runs / core::kStoreFile);
  settle(store, runs);
  for (auto _ : state) {
    if (store::refresh(store, runs).trials != 0) state.SkipWithError("something was read again");
  }
}

/// All that `segbench status` does.
void status(benchmark::State& state) {
  const std::filesystem::path& runs = large_runs(10'000);
  for (auto _ : state) {
    cli::StatusRows rows{.trials = run::list_trials(runs, "bench"), .states = {}, .tasks = {}};
    rows.states = cli::read_states(rows.trials);
    benchmark::DoNotOptimize(cli::summary_text(rows, "table"));
  }
}

/// Hands these trials to a Slurm that is not there, a trial a task: the submissions in the study's folder,
/// and a squeue that answers at once.
void submit(const std::vector<run::ListedTrial>& trials, const std::filesystem::path& folder) {
  const std::filesystem::path program = work_folder() / "squeue";
  std::string queue;
  for (std::size_t begin = 0; begin < trials.size(); begin += slurm::kMostTasks) {
    const std::string job = std::to_string(100 + begin / slurm::kMostTasks);
    slurm::Submission submission{.folder = slurm::next_folder(folder), .study = "bench", .created = "now"};
    submission.array_job = job;
    for (std::size_t i = begin; i < std::min(begin + slurm::kMostTasks, trials.size()); ++i) {
      submission.tasks.push_back({{trials[i].trial_id, 60, 0}});
      queue += job + "|" + std::to_string(i - begin) +
               (i % 8 == 0 ? "|RUNNING|None|n1\n" : "|PENDING|Priority|\n");
    }
    std::filesystem::create_directories(submission.folder);
    slurm::write_submission(submission);
  }
  std::ofstream(work_folder() / "queue.txt") << queue;
  std::ofstream(program) << "#!/bin/sh\ncat '" << (work_folder() / "queue.txt").string() << "'\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  ::setenv("PATH", (work_folder().string() + ":" + std::getenv("PATH")).c_str(), 1);
}

/// All that `segbench status` does of a study that was submitted to Slurm, as if no trial were complete.
void status_of_array(benchmark::State& state) {
  const std::filesystem::path& runs = large_runs(10'000);
  const std::filesystem::path folder = runs / "bench";
  const auto trials = run::list_trials(runs, "bench");
  static std::once_flag once;  // this function is called several times
  std::call_once(once, submit, trials, folder);
  for (auto _ : state) {
    cli::StatusRows rows{.trials = run::list_trials(runs, "bench"), .states = {}, .tasks = {}};
    rows.states = cli::read_states(rows.trials);
    const slurm::TaskStates tasks = slurm::read_task_states(folder, [](const std::string&) { return true; });
    if (tasks.by_trial.size() != trials.size()) state.SkipWithError("tasks are missing");
    benchmark::DoNotOptimize(cli::summary_text(rows, "table"));
  }
}

/// A store of `trials` complete trials in variants of ten seeds, written row by row; made once.
const std::filesystem::path& large_store(std::int64_t trials) {
  static std::filesystem::path file;
  if (!file.empty()) return file;
  file = work_folder() / "large.sqlite";
  store::Store::open(file);
  store::Connection connection(file, store::Connection::Mode::kReadWrite);
  const std::string config = to_json(specification(0).variant).dump();
  const std::string environment =
      Json{{"cpu", std::string(60, 'c')}, {"libraries", std::string(1000, 'l')}}.dump();
  store::Transaction transaction(connection);
  connection.execute("INSERT INTO studies VALUES ('bench', '', '{}')");
  store::Statement(connection, "INSERT INTO environments VALUES ('e', ?)").run(environment);
  store::Statement variant(connection, "INSERT INTO variants VALUES (?, ?)");
  store::Statement trial(
      connection,
      "INSERT INTO trials VALUES (?, 'bench', ?, ?, ?, ?, ?, 1, 'f00d', 's', 't', 'complete', '', '', ?, "
      "'[]', 25, 'miou', 0.5, '', '', '', '', 0)");
  store::Statement measure(connection, "INSERT INTO measures VALUES (?, NULL, NULL, ?, NULL, NULL, ?)");
  store::Statement attempt(connection,
                           "INSERT INTO attempts (trial, attempt, host, started, environment_id) VALUES (?, "
                           "1, 'lab', '2026-01-01T00:00:00.000Z', 'e')");
  store::Statement epoch(connection,
                         "INSERT INTO epochs VALUES (?, ?, 0.5, 0.001, 100, 1600, 1.0, 0.0, 0.0)");
  store::Statement row(connection, "INSERT INTO evaluations VALUES (?, ?, 25, ?, ?, 0.5, ?, 1449, 1.0, ?)");
  store::Statement counts(connection, "INSERT INTO class_counts VALUES (?, ?, ?, ?, ?)");
  core::Stream stream(1, core::Purpose::kShapes);
  const std::string names = Json(std::vector<std::string>(kClasses, "class")).dump();
  for (std::int64_t t = 0; t < trials; ++t) {
    const std::string label = "variant " + std::to_string(t / 10);
    if (t % 10 == 0) variant.run(label, config);
    trial.run(t, "trial " + std::to_string(t), label, label, Json{{"model.width", t / 10}}.dump(), t % 10,
              names);
    attempt.run(t);
    for (const auto& [key, value] : {std::pair{"train_seconds", 25.0},
                                     {"peak_memory_bytes", 1e9},
                                     {"parameters", 4e6},
                                     {"trainable_parameters", 4e6},
                                     {"macs", 1e6}})
      measure.run(t, key, value);
    for (std::int64_t e = 1; e <= 25; ++e) epoch.run(t, e);
    for (int split = 0; split < 2; ++split) {
      const core::Confusion confusion = random_confusion(stream);
      const std::int64_t number = t * 1'000'000 + split;
      row.run(number, t, split == 0 ? "selection" : "test", "selected", confusion.valid_pixels(),
              Json(std::vector<std::int64_t>(confusion.cells().begin(), confusion.cells().end())).dump());
      const std::vector<core::ClassCounts> of_class = confusion.class_counts();
      for (int c = 0; c < kClasses; ++c) {
        const core::ClassCounts& n = of_class[static_cast<std::size_t>(c)];
        counts.run(number, c, n.tp, n.fp, n.fn);
      }
    }
  }
  transaction.commit();
  return file;
}

void query_trials(benchmark::State& state) {
  const store::Store store = store::Store::open_read_only(large_store(10'000));
  for (auto _ : state) benchmark::DoNotOptimize(store.trials("bench"));
}

void query_final_evaluations(benchmark::State& state) {
  const store::Store store = store::Store::open_read_only(large_store(10'000));
  for (auto _ : state) benchmark::DoNotOptimize(store.final_evaluations("bench", "test"));
}

/// Records of every trial, as comparisons and reports start from.
void read_study(benchmark::State& state) {
  const std::filesystem::path& file = large_store(10'000);
  const store::Store store = store::Store::open_read_only(file);
  for (auto _ : state) benchmark::DoNotOptimize(conclusions::load_inputs(store, file.parent_path(), "bench"));
}

/// All that `segbench compare` does.
void compare(benchmark::State& state) {
  const std::filesystem::path& file = large_store(10'000);
  for (auto _ : state) {
    const store::Store store = store::Store::open_read_only(file);
    const conclusions::StudyInputs inputs =
        conclusions::load_inputs(store, file.parent_path(), "bench", conclusions::Reading::kScores, "test");
    const conclusions::Conclusions model = conclusions::conclude(inputs, {});
    benchmark::DoNotOptimize(cli::render(cli::comparison_table(model), "table"));
  }
}

/// The same of trials' folders, whose logs are looked at first.
void compare_folders(benchmark::State& state) {
  const std::filesystem::path& runs = large_runs(10'000);
  {
    store::Store store = store::Store::open(runs / core::kStoreFile);
    settle(store, runs);
  }
  for (auto _ : state) {
    store::Store store = store::Store::open(runs / core::kStoreFile);
    store::refresh(store, runs);
    const conclusions::StudyInputs inputs =
        conclusions::load_inputs(store, runs, "bench", conclusions::Reading::kScores, "test");
    const conclusions::Conclusions model = conclusions::conclude(inputs, {});
    benchmark::DoNotOptimize(cli::render(cli::comparison_table(model), "table"));
  }
}

/// A view, as a user of `sqlite3` or pandas asks for it.
void query_view(benchmark::State& state, const char* sql) {
  const store::Connection connection(large_store(10'000), store::Connection::Mode::kReadOnly);
  for (auto _ : state) {
    store::Statement statement(connection, sql);
    std::int64_t rows = 0;
    while (statement.step()) ++rows;
    benchmark::DoNotOptimize(rows);
  }
}

BENCHMARK(ingest)
    ->ArgNames({"epochs", "images"})
    ->Args({25, 0})
    ->Args({25, 1449})
    ->Args({100, 1449})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(import_all)->Unit(benchmark::kSecond)->Iterations(1);
BENCHMARK(refresh_all)->Unit(benchmark::kMillisecond);
BENCHMARK(status)->Unit(benchmark::kMillisecond);
BENCHMARK(status_of_array)->Unit(benchmark::kMillisecond);
BENCHMARK(query_trials)->Unit(benchmark::kMillisecond);
BENCHMARK(query_final_evaluations)->Unit(benchmark::kMillisecond);
BENCHMARK(read_study)->Unit(benchmark::kMillisecond);
BENCHMARK(compare)->Unit(benchmark::kMillisecond);
BENCHMARK(compare_folders)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query_view, trial_scores, "SELECT * FROM trial_scores WHERE split = 'test'")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query_view, leaderboard,
                  "SELECT * FROM leaderboard WHERE study = 'bench' AND split = 'test'")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query_view, failures, "SELECT * FROM failures")->Unit(benchmark::kMillisecond);

}  // namespace
