// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <thread>

#include "harness/cli/command.h"
#include "harness/cli/looks.h"
#include "harness/cli/search_notes.h"
#include "harness/cli/selection.h"
#include "harness/cli/table.h"
#include "harness/cli/trial_table.h"
#include "harness/run/runs_folder.h"
#include "harness/run/study_plan.h"
#include "harness/slurm/task_states.h"
#include "harness/trial/looks_log.h"

namespace segbench::cli {
namespace {

constexpr std::chrono::seconds kWatchInterval{2};

struct StatusOptions {
  std::string study;
  bool watch = false;
};

bool is_over(const std::vector<trial::TrialState>& states) {
  for (const trial::TrialState& state : states) {
    if (state.status != core::TrialStatus::kComplete && state.status != core::TrialStatus::kFailed)
      return false;
  }
  return true;
}

Table study_table(const Context& context) {
  Table table;
  table.columns = {{"study"},
                   number_column("trials", 0),
                   number_column("complete", 0),
                   number_column("running", 0),
                   number_column("failed", 0),
                   number_column("interrupted", 0),
                   number_column("pending", 0)};
  for (const std::string& study : run::studies_under(context.runs)) {
    std::array<std::int64_t, 5> counts{};
    const auto trials = run::list_trials(context.runs, study);
    for (const run::ListedTrial& trial : trials) {
      ++counts.at(static_cast<std::size_t>(trial::read_trial_standing(trial.folder).status));
    }
    const auto count = [&](core::TrialStatus status) { return counts.at(static_cast<std::size_t>(status)); };
    table.rows.push_back({study, trials.size(), count(core::TrialStatus::kComplete),
                          count(core::TrialStatus::kRunning), count(core::TrialStatus::kFailed),
                          count(core::TrialStatus::kInterrupted), count(core::TrialStatus::kPending)});
  }
  return table;
}

/// Where trials are on a cluster, of a study that was submitted to one.
void add_tasks(Table& table, const std::vector<run::ListedTrial>& trials,
               const std::filesystem::path& folder) {
  try {
    const slurm::TaskStates tasks = slurm::read_task_states(folder);
    if (!tasks.any_submission) return;
    table.columns.push_back({"task"});
    for (std::size_t i = 0; i < trials.size(); ++i) {
      const auto found = tasks.by_trial.find(trials[i].trial_id);
      table.rows[i].push_back(found == tasks.by_trial.end() ? "" : found->second);
    }
  } catch (const core::UserError& error) {
    note(error.what());
  }
}

/// Prints the study once; true when nothing will change any more.
bool print_study(const Context& context, const std::string& study) {
  const auto trials = run::list_trials(context.runs, study);
  const auto states = read_states(trials);
  Table table = trial_table(trials, states, context.format);
  add_tasks(table, trials, run::study_folder(context.runs, study));
  fmt::print("{}", render(table, context.format));
  std::fflush(stdout);
  fmt::print(stderr, "{}: {}\n", study, count_states(states));
  for (const std::string& line : looks_lines(trial::read_study(run::study_folder(context.runs, study))))
    fmt::print(stderr, "{}: {}\n", study, line);
  for (const std::string& line : search_lines(run::study_folder(context.runs, study)))
    fmt::print(stderr, "{}: {}\n", study, line);
  return is_over(states) || is_search_finished(run::study_folder(context.runs, study));
}

void watch(const Context& context, const std::string& study) {
  if (::isatty(STDOUT_FILENO) != 1)
    throw core::UserError("--watch needs a terminal; without it, status prints once");
  while (true) {
    fmt::print("\x1b[H\x1b[J");
    if (print_study(context, study)) return;
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
  command->footer(
      "Reads the trials' logs, so it can be used while they run. Without STUDY and with several studies, "
      "lists the\n"
      "studies. Of a study that was submitted to Slurm the queue is asked where its tasks are.\n\n"
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
    if (options->watch)
      watch(context, study);
    else
      print_study(context, study);
  });
}

}  // namespace segbench::cli
