// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <set>

#include "harness/cli/command.h"
#include "harness/cli/looks.h"
#include "harness/cli/prepare_run.h"
#include "harness/cli/run_display.h"
#include "harness/cli/run_notes.h"
#include "harness/cli/run_options.h"
#include "harness/cli/search_notes.h"
#include "harness/cli/selection.h"
#include "harness/cli/status_summary.h"
#include "harness/cli/terminal.h"
#include "harness/cli/trial_table.h"
#include "harness/core/gpu.h"
#include "harness/core/machine.h"
#include "harness/core/text.h"
#include "harness/run/agenda.h"
#include "harness/run/batch_job.h"
#include "harness/run/device_check.h"
#include "harness/run/means.h"
#include "harness/run/process_executor.h"
#include "harness/trial/looks_log.h"
#include "results/store/store.h"
#include "results/store/store_keeper.h"

namespace segbench::cli {
namespace {

/// Hands everything on to the display and takes each trial into the store as soon as it has ended.
class StudyObserver : public run::RunObserver {
 public:
  StudyObserver(RunDisplay& display, store::StoreKeeper& store) : display_(display), store_(store) {}

  void job_started(const run::Job& job, int attempt) override { display_.job_started(job, attempt); }
  void job_progress(const run::Job& job, const run::WorkerProgress& progress) override {
    display_.job_progress(job, progress);
  }
  void job_held(const run::Job& job, int process) override { display_.job_held(job, process); }
  void job_left(const run::Job& job) override { display_.job_left(job); }
  void stopping(int signal, std::size_t running) override { display_.stopping(signal, running); }
  void tick() override { display_.tick(); }
  void place_lost(const run::Place& place, const std::string& why, std::size_t left) override {
    display_.message(fmt::format("{} cannot be used: {}; {}", place.name, why,
                                 left > 0 ? fmt::format("{} other{} left", left, left == 1 ? " is" : "s are")
                                          : "nothing more is started"));
  }
  void job_ended(const run::Job& job, const run::Outcome& outcome, bool will_retry) override {
    display_.job_ended(job, outcome, will_retry);
    if (!will_retry) store_.take_in_trial(job.folder);
  }

 private:
  RunDisplay& display_;
  store::StoreKeeper& store_;
};

/// What trials are run with.
struct Means {
  run::WorkerSettings worker;
  std::vector<run::Place> places = {};  ///< empty: the worker's device alone
  std::size_t gpus = 0;                 ///< that a trial may have; 0: none, or it is not known
  std::string device;                   ///< for people
};

/// GPUs that one trial may have of these devices: all whole ones, or one part.
template <typename Device>
std::size_t most_gpus(const std::vector<Device>& devices) {
  const auto whole = std::ranges::count(devices, false, &Device::is_part);
  return whole > 0 ? static_cast<std::size_t>(whole) : std::min<std::size_t>(devices.size(), 1);
}

/// Finds the devices before the first trial, and says which they are, or why a GPU that is there is not one.
Means find_means(const study::RunSettings& settings) {
  Means means{.worker = run::worker_of(settings), .device = {}};
  const core::Gpus gpus = core::read_gpus();
  means.places = run::make_places(settings, gpus.gpus, run::visible_here(), core::usable_cpus());
  std::vector<std::string> names;
  for (const run::Place& place : means.places) names.push_back(place.name);
  means.device = fmt::format("{}", fmt::join(names, ", "));
  means.gpus = most_gpus(means.places);
  if (!means.places.empty()) return means;
  const run::SettledDevice settled = run::settle_device(means.worker.program, settings.device, gpus);
  if (settled.warning) fmt::print(stderr, "warning: {}\n", to_text(*settled.warning));
  means.worker.device = settled.device;
  means.device = settled.description;
  if (settled.device != "cpu") means.gpus = most_gpus(core::visible_gpus(gpus.gpus, run::visible_here()));
  return means;
}

run::ScheduleOptions schedule_options(const study::RunSettings& settings, const run::Allocation& allocation,
                                      const std::vector<run::Place>& places, std::int64_t bytes_per_trial) {
  return {.jobs = allocation.jobs,
          .places = places,
          .admits = run::admission(bytes_per_trial),
          .most_threads = allocation.most_threads,
          .timeout = std::chrono::duration<double, std::ratio<60>>(settings.timeout_minutes),
          .stall = std::chrono::duration<double, std::ratio<60>>(settings.stall_minutes),
          .second_interrupt_kills = !run::is_in_batch_job(),
          .retries = settings.retries};
}

std::unique_ptr<RunDisplay> make_display(const RunOptions& options, const DisplayTotals& totals) {
  if (options.quiet) return make_quiet_display(stderr_port());
  return is_live_terminal() ? make_live_display(totals, stderr_port())
                            : make_plain_display(totals, stderr_port());
}

void tell_line(const std::string& text) {
  fmt::print(stderr, "{}\n", text);
}

/// Takes into the store what it does not know yet: trials that were run without it or are called otherwise
/// now.
void import_missing(store::StoreKeeper& store, const std::string& study, const run::Agenda& agenda,
                    const std::set<std::string>& renamed) {
  const std::vector<std::string> complete = store.complete_trials(study);
  const std::set<std::string> known(complete.begin(), complete.end());
  for (const auto& folder : agenda.complete) {
    const std::string id = folder.filename();
    if (!known.contains(id) || renamed.contains(id)) store.take_in_trial(folder);
  }
}

/// Prints the selected trials; returns the exit code that they deserve, those aside that a search left.
int print_summary(const Context& context, const std::string& study,
                  const std::vector<run::PlannedTrial>& selected, const std::set<std::string>& unwanted) {
  std::set<std::string> wanted;
  for (const run::PlannedTrial& trial : selected) wanted.insert(trial.spec.trial_id);
  std::vector<run::ListedTrial> trials = run::list_trials(context.runs, study);
  std::erase_if(trials, [&](const run::ListedTrial& trial) { return !wanted.contains(trial.trial_id); });
  const auto states = read_states(trials);
  const StatusRows rows{.trials = trials, .states = states, .tasks = {}};
  fmt::print("{}", is_list(rows, context.format) ? list_text(rows, context.format)
                                                 : summary_text(rows, context.format));
  std::fflush(stdout);
  fmt::print(stderr, "{}: {}\n", study, count_states(states));
  for (const std::string& line : search_lines(trial::read_study(run::study_folder(context.runs, study))))
    fmt::print(stderr, "{}: {}\n", study, line);
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (states[i].status != core::TrialStatus::kComplete && !unwanted.contains(trials[i].trial_id))
      return core::kTrialFailed;
  }
  fmt::print(stderr, "next: segbench compare {0}, segbench report {0}\n", study);
  return core::kSuccess;
}

/// `run --prepare`: for trials that are run elsewhere.
void prepare_only(const study::Study& study, const RunOptions& options, Context& context) {
  const PreparedRun prepared = prepare_run(study, options, context);
  const run::Agenda agenda = run::make_agenda(prepared.selected, options.retry_failed);
  fmt::print(stderr, "{}: prepared: {} trial{} to run, {} complete\n", study.name, agenda.jobs.size(),
             agenda.jobs.size() == 1 ? "" : "s", agenda.complete.size());
  for (const run::Job& job : agenda.jobs) fmt::print("{}\n", (job.folder / core::kTrialFile).string());
}

/// Trains what is left of the selected trials.
run::ScheduleResult train_selected(const study::Study& study, const RunOptions& options,
                                   const PreparedRun& prepared, const Means& means,
                                   store::StoreKeeper& store) {
  run::Agenda agenda = run::make_agenda(prepared.selected, options.retry_failed);
  const int processes = run::fewest_processes(prepared.selected);
  const run::Allocation allocation =
      run::allocate(run::jobs_of(study.run, means.places, processes), study.run.threads,
                    run::this_machine(means.worker.device), study.variants.size() * study.seeds.size(),
                    prepared.bytes_per_trial, processes);
  run::WorkerSettings worker = means.worker;
  worker.threads = allocation.threads;
  const std::size_t other_threads = run::give_threads(agenda, allocation, study.run.threads > 0);
  tell_agenda(agenda, study, allocation, other_threads, means.device, options.quiet);
  tell_sharing(agenda, means.gpus);
  run::SignalWatch signals;
  run::ProcessExecutor executor(worker, signals);
  const auto display = make_display(options, {.study = study.name,
                                              .planned = agenda.jobs.size() + agenda.complete.size(),
                                              .complete = agenda.complete.size(),
                                              .to_run = agenda.jobs.size(),
                                              .jobs = allocation.jobs});
  store.tell_through([&](const std::string& text) { display->message(text); });
  StudyObserver observer(*display, store);
  import_missing(store, study.name, agenda, prepared.rewritten);
  const std::vector<run::Job> ensembles = run::take_ensembles(agenda, prepared.selected);
  const std::vector<run::Job> draws = run::take_draws(agenda.jobs, study, prepared.plan);
  std::optional<run::SearchCourse> course;
  if (study.search) course.emplace(study, prepared.plan, draws);
  const run::ScheduleOptions schedule =
      schedule_options(study.run, allocation, means.places, prepared.bytes_per_trial);
  run::ScheduleResult result =
      run::run_schedule(agenda.jobs, schedule, executor, observer,
                        course ? run::JobSource([&] { return course->next(); }) : run::JobSource());
  if (result.signal == 0 && !result.internal_error && !result.no_device)
    result =
        run::run_schedule(run::ready_ensembles(ensembles, prepared.selected), schedule, executor, observer);
  store.tell_through(tell_line);
  return result;
}

/// Judges a study to which seeds are added, and trains those that are wanted then, until it is decided or all
/// are used up. `result` is that of the trials before.
void go_on_until_decided(const study::Study& study, const RunOptions& options, const Context& context,
                         PreparedRun& prepared, const Means& means, store::StoreKeeper& store,
                         run::ScheduleResult& result) {
  const auto may_go_on = [&] { return result.signal == 0 && !result.internal_error && !result.no_device; };
  while (study.until && may_go_on() && take_looks(study, context)) {
    select_again(prepared, study, options);
    store.take_in_study(prepared.plan.folder);
    if (!run::make_agenda(prepared.selected, options.retry_failed).jobs.empty())
      result = train_selected(study, options, prepared, means, store);
  }
}

void run_study(const RunOptions& options, Context& context) {
  const study::Study study = load_for_run(options);
  check_selection(study, options);
  check_search_selection(study, !options.only.empty() || !options.seeds.empty());
  if (options.prepare) run::refuse_deciding(study, "--prepare");
  if (options.prepare) return prepare_only(study, options, context);
  const Means means = find_means(study.run);
  PreparedRun prepared = prepare_run(study, options, context);
  store::StoreKeeper store(store_file(context), context.runs, tell_line);
  store.take_in_study(prepared.plan.folder);

  run::ScheduleResult result = train_selected(study, options, prepared, means, store);
  go_on_until_decided(study, options, context, prepared, means, store, result);
  const std::set<std::string> left = end_search(study, prepared.plan);
  if (study.search) store.take_in_study(prepared.plan.folder);
  if (!store.finish())
    note("the store is not up to date; `segbench import` takes the results from the trials' logs");
  context.exit_code = print_summary(context, study.name, prepared.selected, left);
  if (result.internal_error) {
    throw core::InternalError(
        "segbench-worker met a broken invariant; its words are in the trial's worker.log");
  }
  if (result.no_device)
    note("no device is left that can be used; the same command goes on when there is one");
  if (result.signal != 0) {
    note("interrupted; the same command continues");
    context.exit_code = run::kSignalBase + result.signal;
  } else if (options.report) {
    const int exit_code = context.exit_code;
    write_report(study.name, context);
    if (exit_code != core::kSuccess) context.exit_code = exit_code;
  }
}

}  // namespace

void add_run(CLI::App& app, Context& context) {
  const auto options = std::make_shared<RunOptions>();
  CLI::App* command = app.add_subcommand("run", "Train every trial of a study that is not complete yet");
  command->add_option("STUDY", options->study, "Experiment file")->required();
  command->add_option("--set", options->overrides, "Override a setting, key=value; may be repeated")
      ->allow_extra_args(false);
  command
      ->add_option(
          "--jobs,-j", options->jobs,
          "Trials at once; default: run.jobs, which is auto: on a CPU as many as CPUs and memory allow")
      ->check(check_positive);
  command->add_option("--device", options->device, "auto, cpu, cuda or cuda:N")->check(check_device);
  command
      ->add_option("--threads", options->threads,
                   "CPU threads of each trial; default: usable CPUs / trials at once")
      ->check(check_positive);
  command->add_option("--only", options->only, "Only variants whose label begins so; may be repeated")
      ->allow_extra_args(false);
  command->add_option("--seeds", options->seeds, "Only these seeds of the study, such as 1,2")
      ->delimiter(',')
      ->check(check_seed);
  command->add_flag("--retry-failed", options->retry_failed,
                    "Run trials again that failed (not those that diverged)");
  command->add_flag("--report", options->report, "Write the report at the end");
  command->add_flag("--prepare", options->prepare,
                    "Do everything but the trials, and print the trial.json of each that is to be run");
  command->add_flag("--quiet,-q", options->quiet, "Show failures only");
  command->footer(
      "Ctrl-C writes checkpoints and ends; the same command continues. A trial that is complete is never run "
      "again.\n"
      "With `[trials] until = \"decided\"` seeds are added until it is decided which variant is best; what "
      "can no "
      "longer\nwin gets no more.\n"
      "With `[search]` trials are trained as far as the search wants them; the rest of its draws stay "
      "paused, "
      "which is\nno failure.\n"
      "Exit codes: 0 every trial is complete, 1 one is not, 2 the experiment file, 3 the data, 128+n signal "
      "n.\n\n"
      "Examples:\n"
      "  segbench run experiments/quickstart.toml\n"
      "  segbench run study.toml --jobs 2 --threads 4 --set data.root=/data/camvid\n"
      "  segbench run study.toml --only \"unet small\" --seeds 1 --set training.epochs=2\n"
      "  segbench run study.toml --retry-failed --report\n"
      "  segbench run study.toml --prepare | xargs -n 1 -P 4 segbench-worker train");
  command->callback([options, &context] { run_study(*options, context); });
}

}  // namespace segbench::cli
