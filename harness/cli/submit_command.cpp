// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <set>

#include "harness/cli/command.h"
#include "harness/cli/planned_variants.h"
#include "harness/cli/prepare_run.h"
#include "harness/cli/selection.h"
#include "harness/cli/submit_finish.h"
#include "harness/cli/submit_options.h"
#include "harness/cli/table.h"
#include "harness/core/study_file.h"
#include "harness/core/text.h"
#include "harness/run/agenda.h"
#include "harness/run/means.h"
#include "harness/run/search.h"
#include "harness/run/study_lock.h"
#include "harness/slurm/client.h"
#include "harness/slurm/packing.h"
#include "harness/slurm/submit.h"
#include "harness/slurm/task_record.h"

namespace segbench::cli {
namespace {

using Seconds = std::map<std::string, double>;  ///< of a trial, by variant id

/// GPUs of a task: those of --gpus, or as many as run.devices names.
int gpus_of(const study::RunSettings& run, const slurm::SubmitOptions& options) {
  if (options.gpus > 0 || run.devices.empty() || !options.sbatch.empty()) return options.gpus;
  if (run.devices == std::vector<std::string>{"all"})
    throw core::UserError("run.devices is \"all\": say how many GPUs a task gets, --gpus N", core::kUsage);
  return static_cast<int>(run.devices.size());
}

/// Machine of a task, and how it is divided among trials: as `segbench run` would divide one of that size.
void settle_needs(slurm::Submission& submission, const study::Study& study,
                  const std::vector<PlannedVariant>& rows) {
  const study::RunSettings& run = study.run;
  const slurm::SubmitOptions& options = submission.options;
  submission.needs.gpus = gpus_of(run, options);
  const int processes = run::fewest_processes(study.variants);
  const int asked = run::jobs_on(run, submission.needs.gpus, options.cpus, processes);
  const int cpus = std::max(run.threads, processes) * std::max(1, asked);
  const bool on_gpu = submission.needs.gpus > 0;
  const std::int64_t bytes = largest_bytes(rows);
  submission.needs.cpus = options.cpus > 0 ? options.cpus : cpus;
  submission.trial_bytes = bytes;
  const run::Allocation allocation = run::allocate(
      asked, run.threads, {.cpus = submission.needs.cpus, .free_memory_bytes = {}, .has_gpu = on_gpu},
      study.variants.size() * study.seeds.size(), bytes, processes);
  submission.jobs = allocation.jobs;
  submission.threads = allocation.threads;
  submission.needs.memory_bytes = (std::int64_t{1} << 30) + allocation.jobs * (bytes + bytes / 2);
}

slurm::PackingRules packing_rules(const slurm::Submission& submission, const slurm::Limits& limits) {
  return {
      .most_tasks = limits.most_tasks, .trials_per_task = submission.options.pack, .jobs = submission.jobs};
}

/// What would be run as far as can be told before the data are read: by variant and seed, of what lies here.
std::vector<slurm::TaskTrial> drafted_trials(const study::Study& study, const SubmitArguments& arguments,
                                             const KnownStates& states, const WantedSeeds& wanted,
                                             const Seconds& seconds) {
  std::vector<slurm::TaskTrial> trials;
  const auto is_chosen = [&](const core::Variant& variant, std::uint64_t seed) {
    const auto& [only, seeds] = std::tie(arguments.run.only, arguments.run.seeds);
    return (seeds.empty() || std::find(seeds.begin(), seeds.end(), seed) != seeds.end()) &&
           (only.empty() || std::any_of(only.begin(), only.end(),
                                        [&](const std::string& beginning) {
                                          return variant.label.starts_with(beginning);
                                        })) &&
           variant.config.ensemble.empty();  // left to `segbench run`
  };
  for (const std::uint64_t seed : study.seeds) {
    for (const core::Variant& variant : study.variants) {
      const auto found = states.find({variant.id, seed});
      const auto status = found == states.end() ? core::TrialStatus::kPending : found->second.status;
      const bool is_done = status == core::TrialStatus::kComplete ||
                           (status == core::TrialStatus::kFailed && !arguments.submit.retry_failed);
      if (is_chosen(variant, seed) && is_wanted(wanted, study, variant.id, seed) && !is_done)
        trials.push_back(
            {.id = fmt::format("{}, seed {}", variant.label, seed), .seconds = seconds.at(variant.id)});
    }
  }
  return trials;
}

/// The trials of a prepared study that no live task has.
std::vector<slurm::TaskTrial> open_trials(const PreparedRun& prepared, const SubmitArguments& arguments,
                                          const Seconds& seconds, std::size_t& live) {
  const std::vector<slurm::Submission> before = slurm::submissions_of(prepared.plan.folder);
  const std::vector<std::string> ids = slurm::live_trials(before, slurm::ask_queue(before));
  const std::set<std::string> taken(ids.begin(), ids.end());
  std::map<std::string, std::string> variants;
  for (const run::PlannedTrial& trial : prepared.selected)
    variants[trial.spec.trial_id] = trial.spec.variant_id;
  std::vector<slurm::TaskTrial> trials;
  live = 0;
  run::Agenda agenda = run::make_agenda(prepared.selected, arguments.submit.retry_failed);
  if (!run::take_ensembles(agenda, prepared.selected).empty())
    note("ensembles are left to `segbench run`, once their members are complete");
  for (const run::Job& job : agenda.jobs) {
    if (taken.contains(job.id))
      ++live;
    else
      trials.push_back({job.id, seconds.at(variants.at(job.id)), slurm::kept_updates(job.folder)});
  }
  return trials;
}

void print_draft(const slurm::Submission& draft, const slurm::Limits& limits, const Context& context) {
  Table table{.columns = {number_column("task", 0),
                          number_column("trials", 0),
                          number_column(context.format == "table" ? "time" : "seconds", 0),
                          {"first"}},
              .rows = {}};
  for (std::size_t i = 0; i < draft.tasks.size(); ++i) {
    const double seconds = slurm::longest_seconds({draft.tasks[i]}, draft.jobs);
    table.rows.push_back({i, draft.tasks[i].size(),
                          context.format == "table"
                              ? Cell(core::human_duration(std::chrono::duration<double>(seconds)))
                              : Cell(seconds),
                          draft.tasks[i].front().id});
  }
  fmt::print("{}", render(table, context.format));
  fmt::print(
      stderr, "{}\n",
      slurm::shell_text(slurm::array_command(draft, limits, (draft.folder / slurm::kTaskScript).string())));
}

void submit_study(SubmitArguments arguments, Context& context) {
  if (arguments.run.study.empty()) throw core::UserError("STUDY is required\nMore with --help.");
  context.runs = std::filesystem::weakly_canonical(std::filesystem::absolute(context.runs));
  slurm::SubmitOptions& options = arguments.submit;
  if (!options.setup.empty()) options.setup = std::filesystem::absolute(options.setup);
  const bool on_slurm = options.engine == "slurm";
  const study::Study study = load_for_run(arguments.run);
  check_selection(study, arguments.run);
  run::refuse_deciding(study, "segbench submit");
  const std::filesystem::path folder = run::study_folder(context.runs, study.name);
  if (study.until && !arguments.dry_run && std::filesystem::exists(folder / core::kStudyFile)) {
    const core::FileLock lock = run::lock_study(folder);
    take_looks(study, context);
  }
  const WantedSeeds wanted = wanted_so_far(study, context);
  const KnownStates states = known_states(context, study.name);
  const std::vector<PlannedVariant> rows = plan_variants(study, states, wanted, Hosts::kAny);
  Seconds seconds;
  for (const PlannedVariant& row : rows) seconds[row.variant->id] = row.seconds;

  const slurm::Limits limits =
      on_slurm ? slurm::ask_limits(options.partition) : slurm::Limits{.most_tasks = slurm::kMostTasks};
  slurm::Submission submission{.folder = slurm::next_folder(folder),
                               .study = study.name,
                               .created = core::utc_timestamp(),
                               .options = options,
                               .run = study.run,
                               .held_seconds = limits.kill_wait_seconds + 60};
  settle_needs(submission, study, rows);
  submission.tasks = slurm::pack(drafted_trials(study, arguments, states, wanted, seconds),
                                 packing_rules(submission, limits));
  if (submission.tasks.empty()) return note(study.name + ": nothing is left to submit");
  if (on_slurm) slurm::test_submission(submission, limits);
  if (arguments.dry_run) return print_draft(submission, limits, context);

  const PreparedRun prepared = prepare_run(study, arguments.run, context);
  submission.folder = slurm::next_folder(folder);  // under the study's lock: nobody else takes the number
  std::size_t live = 0;
  const std::vector<slurm::TaskTrial> trials = open_trials(prepared, arguments, seconds, live);
  if (live > 0) note(fmt::format("{} trial{} in the queue already", live, live == 1 ? " is" : "s are"));
  submission.tasks = slurm::pack(trials, packing_rules(submission, limits));
  if (submission.tasks.empty()) return note(study.name + ": nothing is left to submit");
  slurm::write_folder(submission);
  if (on_slurm) {
    slurm::submit_to_slurm(submission, limits);
    print_submission(submission, context);
  } else if (options.engine == "kubernetes") {
    fmt::print("{}", slurm::kubernetes_manifest(submission, arguments.pod));
  } else {
    fmt::print("{}", slurm::loop_text(submission, slurm::this_program()));
  }
}

}  // namespace

void add_submit(CLI::App& app, Context& context) {
  const auto arguments = std::make_shared<SubmitArguments>();
  CLI::App* command = app.add_subcommand("submit", "Hand the trials of a study to a Slurm cluster");
  add_submit_options(*command, arguments);
  command->footer(
      "Prepares the study as `segbench run --prepare` does, packs the trials that are not complete into the "
      "tasks of "
      "a\n"
      "job array, and adds a job that imports, reports and submits what is left. A trial that is in the "
      "queue is "
      "never\n"
      "submitted twice. Of a study that ends when it is decided (trials.until) the trials up to its next "
      "look are\n"
      "submitted. docs/cluster.md says what happens at each limit.\n"
      "Exit codes: 0 submitted or nothing left, 1 Slurm refused, 2 usage or experiment file, 3 the data.\n\n"
      "Examples:\n"
      "  segbench submit study.toml --partition gpu --gpus 1 --cpus 4 --dry-run\n"
      "  segbench submit study.toml --time 2:00:00 --setup modules.sh --sbatch=--constraint=a100\n"
      "  segbench submit study.toml --engine none");
  command->callback([arguments, &context] {
    if (arguments->finish.empty())
      submit_study(*arguments, context);
    else
      finish_submission(arguments->finish, context);
  });
}

}  // namespace segbench::cli
