// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <set>
#include <thread>

#include "harness/cli/command.h"
#include "harness/cli/looks.h"
#include "harness/cli/search_notes.h"
#include "harness/cli/selection.h"
#include "harness/cli/status_summary.h"
#include "harness/cli/table.h"
#include "harness/cli/terminal.h"
#include "harness/cli/trial_table.h"
#include "harness/run/runs_folder.h"
#include "harness/run/study_plan.h"
#include "harness/slurm/task_states.h"
#include "harness/trial/looks_log.h"

namespace segbench::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kWatchInterval{2};
/// Slurm asks that its queue be not looked at in a loop: it is the scheduler that has to answer.
constexpr std::chrono::seconds kQueueInterval{30};

struct StatusOptions {
  std::string study;
  bool watch = false, all = false;
};

bool is_open(const trial::TrialState& state) {
  return state.status != core::TrialStatus::kComplete && state.status != core::TrialStatus::kFailed;
}

Table study_table(const Context& context) {
  Table table;
  table.columns = {{"study"},
                   number_column("trials", 0),
                   number_column("complete", 0),
                   number_column("running", 0),
                   number_column("failed", 0),
                   number_column("interrupted", 0),
                   number_column("pending", 0),
                   number_column("paused", 0)};
  for (const std::string& study : run::studies_under(context.runs)) {
    trial::StatusCounts counts;
    const auto trials = run::list_trials(context.runs, study);
    for (const trial::TrialStanding& standing : read_standings(trials)) counts.add(standing);
    const auto count = [&](core::TrialStatus status) { return counts.of(status); };
    table.rows.push_back({study, trials.size(), count(core::TrialStatus::kComplete),
                          count(core::TrialStatus::kRunning), count(core::TrialStatus::kFailed),
                          count(core::TrialStatus::kInterrupted), count(core::TrialStatus::kPending),
                          counts.of("paused")});
  }
  return table;
}

/// What the queue of a cluster said, and when.
struct Queue {
  slurm::TaskStates tasks = {};
  std::string problem = {};  ///< why it does not answer; "" when it does
  std::optional<Clock::time_point> asked = {};
};

void ask_queue(Queue& queue, const std::filesystem::path& folder, const StatusRows& rows) {
  const bool is_known = queue.tasks.any_submission || !queue.problem.empty();
  if (queue.asked && is_known && Clock::now() < *queue.asked + kQueueInterval) return;
  std::set<std::string> open;
  for (std::size_t i = 0; i < rows.trials.size(); ++i) {
    if (is_open(rows.states[i])) open.insert(rows.trials[i].trial_id);
  }
  try {
    queue.tasks = slurm::read_task_states(folder, [&](const std::string& id) { return open.contains(id); });
    queue.problem.clear();
  } catch (const core::UserError& error) {
    queue.tasks = {};
    queue.problem = error.what();
  }
  queue.asked = Clock::now();
}

/// Where trials are on a cluster, of a study that was submitted to one.
void add_tasks(StatusRows& rows, const slurm::TaskStates& tasks) {
  if (!tasks.any_submission) return;
  rows.tasks.resize(rows.trials.size());
  for (std::size_t i = 0; i < rows.trials.size(); ++i) {
    const auto found = tasks.by_trial.find(rows.trials[i].trial_id);
    if (found != tasks.by_trial.end() && is_open(rows.states[i])) rows.tasks[i] = found->second;
  }
}

struct StatusText {
  std::string out, err;
  bool is_over = false;  ///< nothing will change any more
};

/// Where a study stands. People are shown every trial of a small study, of a large one what fits into
/// `lines`.
StatusText describe_study(const Context& context, const std::string& name, Queue& queue, bool all,
                          std::size_t most_listed, std::size_t lines) {
  const std::filesystem::path folder = run::study_folder(context.runs, name);
  const core::Json study = trial::read_study(folder);
  StatusRows rows{.trials = run::planned_trials(folder, study), .states = {}, .tasks = {}};
  rows.states = read_states(rows.trials);
  ask_queue(queue, folder, rows);
  add_tasks(rows, queue.tasks);
  const bool is_listed = all || is_list(rows, context.format, most_listed);
  StatusText text{
      .out = is_listed ? list_text(rows, context.format) : summary_text(rows, context.format, lines),
      .err = {}};
  const auto tell = [&](const std::string& line) { text.err += fmt::format("{}: {}\n", name, line); };
  tell(count_states(rows.states));
  if (const std::string tasks = queue.tasks.counts(); !tasks.empty()) tell("tasks: " + tasks);
  for (const std::string& line : looks_lines(study)) tell(line);
  for (const std::string& line : search_lines(study)) tell(line);
  if (!queue.problem.empty()) text.err += fmt::format("note: {}\n", queue.problem);
  if (!is_listed) text.err += "note: --all lists every trial\n";
  text.is_over =
      std::none_of(rows.states.begin(), rows.states.end(), is_open) || trial::is_search_finished(study);
  return text;
}

void print(const StatusText& text) {
  fmt::print("{}", text.out);
  std::fflush(stdout);
  fmt::print(stderr, "{}", text.err);
}

void watch(const Context& context, const std::string& study, bool all) {
  if (::isatty(STDOUT_FILENO) != 1)
    throw core::UserError("--watch needs a terminal; without it, status prints once");
  Queue queue;
  while (true) {
    const std::size_t height = output_height();
    const StatusText text = describe_study(context, study, queue, all, height > 8 ? height - 8 : 0, height);
    fmt::print("\x1b[H\x1b[J");
    print(text);
    if (text.is_over) return;
    std::this_thread::sleep_for(kWatchInterval);
  }
}

}  // namespace

void add_status(CLI::App& app, Context& context) {
  const auto options = std::make_shared<StatusOptions>();
  CLI::App* command = app.add_subcommand("status", "Show how far the trials of a study are");
  command->add_option("STUDY", options->study,
                      "Name of a study under --runs, a unique beginning of it, or its experiment file");
  command->add_flag("--watch", options->watch, "Show it again every two seconds until every trial has ended");
  command->add_flag("--all", options->all, "List every trial, however many there are");
  command->footer(
      "Reads the trials' logs, so it can be used while they run. Without STUDY and with several studies, "
      "lists the\n"
      "studies. Of more than 50 trials people are shown how far the variants are, and the trials that run, "
      "failed or\n"
      "were interrupted; csv and json hold every trial. Of a study that was submitted to Slurm the queue is "
      "asked once,\n"
      "with --watch every 30 seconds, where the tasks of trials are that have not ended.\n\n"
      "Examples:\n"
      "  segbench status\n"
      "  segbench status quickstart --watch\n"
      "  segbench status quickstart --format json");
  command->callback([options, &context] {
    if (options->study.empty() && !options->watch && run::studies_under(context.runs).size() > 1) {
      fmt::print("{}", render(study_table(context), context.format));
      return;
    }
    const std::string study = run::find_study(context.runs, options->study);
    if (options->watch) return watch(context, study, options->all);
    Queue queue;
    print(describe_study(context, study, queue, options->all, kMostListed, kMostListed));
  });
}

}  // namespace segbench::cli
