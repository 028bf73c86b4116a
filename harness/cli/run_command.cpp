// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <set>

#include "architectures/networks/network.h"
#include "harness/cli/command.h"
#include "harness/cli/data_output.h"
#include "harness/cli/run_display.h"
#include "harness/cli/run_notes.h"
#include "harness/cli/run_options.h"
#include "harness/cli/selection.h"
#include "harness/cli/terminal.h"
#include "harness/cli/trial_table.h"
#include "harness/core/decode_cache.h"
#include "harness/core/study_file.h"
#include "harness/core/text.h"
#include "harness/data/codecs/stored_image.h"
#include "harness/run/agenda.h"
#include "harness/run/device_check.h"
#include "harness/run/process_executor.h"
#include "harness/run/study_lock.h"
#include "harness/run/study_warnings.h"
#include "results/store/sqlite.h"
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
  void stopping(int signal, std::size_t running) override { display_.stopping(signal, running); }
  void tick() override { display_.tick(); }
  void job_ended(const run::Job& job, const run::Outcome& outcome, bool will_retry) override {
    display_.job_ended(job, outcome, will_retry);
    if (!will_retry) store_.take_in_trial(job.folder);
  }

 private:
  RunDisplay& display_;
  store::StoreKeeper& store_;
};

run::ScheduleOptions schedule_options(const study::RunSettings& settings, const run::Allocation& allocation) {
  return {.jobs = allocation.jobs,
          .most_threads = allocation.most_threads,
          .timeout = std::chrono::duration<double, std::ratio<60>>(settings.timeout_minutes),
          .stall = std::chrono::duration<double, std::ratio<60>>(settings.stall_minutes),
          .retries = settings.retries};
}

std::unique_ptr<RunDisplay> make_display(const RunOptions& options, const DisplayTotals& totals) {
  if (options.quiet) return make_quiet_display(stderr_port());
  return is_live_terminal() ? make_live_display(totals, stderr_port())
                            : make_plain_display(totals, stderr_port());
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

/// What `run` writes before it trains anything.
struct Prepared {
  run::StudyPlan plan;
  std::int64_t bytes_per_trial = 0;  ///< largest estimate
  std::vector<run::PlannedTrial> selected;
  std::set<std::string> rewritten;  ///< ids of the trials whose trial.json was written
};

/// Every network that is read from a file is tried before any trial starts.
void probe_networks(const study::Study& study, const run::StudyData& data) {
  std::set<std::string> tried;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const core::VariantConfig& config = study.variants[i].config;
    if (!architectures::is_read_from_file(config.model.architecture)) continue;
    if (!tried.insert(study.variants[i].id).second) continue;
    const core::DecodeCache cache(data[i]->cache);
    const core::CacheManifest& manifest = cache.manifest();
    run::probe_network(run::find_worker(), config, manifest.height, manifest.width,
                       static_cast<std::int64_t>(manifest.classes.size()),
                       static_cast<std::int64_t>(data[i]->splits.train.size()));
  }
}

Prepared prepare(const study::Study& study, const RunOptions& options, const Context& context) {
  const run::StudyData data = run::prepare_study_data(
      study, context.runs / core::kCacheFolder,
      options.quiet ? data::Progress{} : terminal_progress("reading the data of " + study.name));
  std::set<std::string> told;
  for (const auto& prepared : data) {
    for (const std::string& text : prepared->notes) {
      if (told.insert(text).second) note(text);
    }
    for (const core::Problem& warning : data::problems_of(prepared->audit, /*refusing=*/false)) {
      if (told.insert(warning.to_string()).second) fmt::print(stderr, "warning: {}\n", warning.to_string());
    }
  }
  std::vector<std::int64_t> train_images;
  for (const auto& prepared : data)
    train_images.push_back(static_cast<std::int64_t>(prepared->splits.train.size()));
  const std::vector<run::StudyWarning> warnings = run::variant_warnings(study, train_images);
  tell(warnings);
  probe_networks(study, data);
  Prepared result{.plan = run::plan_study(study, data, context.runs),
                  .bytes_per_trial = 0,
                  .selected = {},
                  .rewritten = {}};
  result.bytes_per_trial = run::largest_trial_bytes(study, data);
  result.selected = select_trials(study, result.plan, options);
  const std::optional<core::Warning> namesake = run::namesake_warning(study, result.plan.folder);
  if (namesake) fmt::print(stderr, "warning: {}\n", to_text(*namesake));
  core::Json description = run::describe_study(study, result.plan, data, command_line(options));
  core::Json libraries = {{"sqlite", store::sqlite_version()}};
  for (const auto& [name, version] : data::reader_versions()) libraries[name] = version;
  description["environment"]["libraries"] = libraries;
  description["warnings"] = to_json(warnings);
  core::write_file_atomically(result.plan.folder / core::kStudyFile, description.dump(1) + '\n');
  for (const run::PlannedTrial& trial : result.selected) {
    if (run::write_trial_spec(trial)) result.rewritten.insert(trial.spec.trial_id);
  }
  return result;
}

/// Prints the selected trials; returns the exit code that they deserve.
int print_summary(const Context& context, const std::string& study,
                  const std::vector<run::PlannedTrial>& selected) {
  std::set<std::string> wanted;
  for (const run::PlannedTrial& trial : selected) wanted.insert(trial.spec.trial_id);
  std::vector<run::ListedTrial> trials = run::list_trials(context.runs, study);
  std::erase_if(trials, [&](const run::ListedTrial& trial) { return !wanted.contains(trial.trial_id); });
  const auto states = read_states(trials);
  fmt::print("{}", render(trial_table(trials, states, context.format), context.format));
  std::fflush(stdout);
  fmt::print(stderr, "{}: {}\n", study, count_states(states));
  for (const trial::TrialState& state : states) {
    if (state.status != core::TrialStatus::kComplete) return core::kTrialFailed;
  }
  fmt::print(stderr, "next: segbench compare {0}, segbench report {0}\n", study);
  return core::kSuccess;
}

void write_report(const std::string& study, Context& context) {
  CLI::App app("segbench");
  add_report(app, context);
  app.parse("report " + study);
}

void run_study(const RunOptions& options, Context& context) {
  const study::Study study = load_for_run(options);
  check_selection(study, options);
  run::WorkerSettings worker{.program = run::find_worker(),
                             .device = study.run.device,
                             .threads = 0,
                             .checkpoint_seconds = study.run.checkpoint_seconds,
                             .keep_weights = study.run.keep_weights,
                             .keep_weights_in = study.run.keep_weights_in};
  if (const auto missing = run::missing_device(worker.program, worker.device))
    throw core::UserError(to_text(*missing));
  const std::filesystem::path folder = run::study_folder(context.runs, study.name);
  run::require_writable(folder);
  const core::FileLock lock = run::lock_study(folder);
  const Prepared prepared = [&] {
    try {
      return prepare(study, options, context);
    } catch (...) {
      run::remove_traces(folder, context.runs / core::kCacheFolder);
      throw;
    }
  }();
  const auto tell = [](const std::string& text) { fmt::print(stderr, "{}\n", text); };
  store::StoreKeeper store(store_file(context), context.runs, tell);
  store.take_in_study(folder);

  run::Agenda agenda = run::make_agenda(prepared.selected, options.retry_failed);
  const run::Allocation allocation =
      run::allocate(study.run.jobs, study.run.threads, run::this_machine(study.run.device),
                    study.variants.size() * study.seeds.size(), prepared.bytes_per_trial);
  worker.threads = allocation.threads;
  const std::size_t other_threads = run::give_threads(agenda, allocation, study.run.threads > 0);
  tell_agenda(agenda, study, allocation, other_threads, options.quiet);
  run::ScheduleResult result;
  {
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
    const run::ScheduleOptions schedule = schedule_options(study.run, allocation);
    result = run::run_schedule(agenda.jobs, schedule, executor, observer);
    if (result.signal == 0 && !result.internal_error)
      result =
          run::run_schedule(run::ready_ensembles(ensembles, prepared.selected), schedule, executor, observer);
    store.tell_through(tell);
  }
  if (!store.finish())
    note("the store is not up to date; `segbench import` takes the results from the trials' logs");
  context.exit_code = print_summary(context, study.name, prepared.selected);
  if (result.internal_error) {
    throw core::InternalError(
        "segbench-worker met a broken invariant; its words are in the trial's worker.log");
  }
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
  command->add_flag("--quiet,-q", options->quiet, "Show failures only");
  command->footer(
      "Ctrl-C writes checkpoints and ends; the same command continues. A trial that is complete is never run "
      "again.\n"
      "Exit codes: 0 every trial is complete, 1 one is not, 2 the experiment file, 3 the data, 128+n signal "
      "n.\n\n"
      "Examples:\n"
      "  segbench run experiments/quickstart.toml\n"
      "  segbench run study.toml --jobs 2 --threads 4 --set data.root=/data/camvid\n"
      "  segbench run study.toml --only \"unet small\" --seeds 1 --set training.epochs=2\n"
      "  segbench run study.toml --retry-failed --report");
  command->callback([options, &context] { run_study(*options, context); });
}

}  // namespace segbench::cli
