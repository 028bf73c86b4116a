// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>

#include "harness/cli/command.h"
#include "harness/cli/plan_detect.h"
#include "harness/cli/plan_simulate.h"
#include "harness/cli/planned_variants.h"
#include "harness/cli/results_store.h"
#include "harness/cli/run_notes.h"
#include "harness/cli/run_options.h"
#include "harness/cli/search_notes.h"
#include "harness/cli/selection.h"
#include "harness/cli/table.h"
#include "harness/core/cpu_limit.h"
#include "harness/core/looks.h"
#include "harness/core/machine.h"
#include "harness/core/memory_limit.h"
#include "harness/core/study_file.h"
#include "harness/core/text.h"
#include "harness/core/warning_kinds.h"
#include "harness/run/allocation.h"
#include "harness/run/device_check.h"
#include "harness/run/estimate.h"
#include "harness/run/runs_folder.h"
#include "harness/run/seal.h"
#include "harness/run/study_warnings.h"
#include "harness/run/training_warnings.h"
#include "harness/run/wanted.h"
#include "harness/run/worker.h"
#include "harness/study/resolved.h"
#include "harness/text/metrics.h"
#include "harness/trial/standing.h"
#include "results/conclusions/conclusions.h"
#include "results/store/store.h"

namespace segbench::cli {
namespace {

using core::Json;

struct PlanOptions {
  RunOptions run;
  bool resolved = false, seal = false, simulate = false;
  std::optional<double> detect;
};

Table plan_table(const std::vector<PlannedVariant>& rows, const std::string& format) {
  const bool for_people = format == "table" || format == "md";
  Table table;
  table.columns = {{"variant"},
                   {"id"},
                   number_column("trials", 0),
                   number_column("complete", 0),
                   number_column("failed", 0),
                   number_column("to_run", 0),
                   number_column("parameters", 0),
                   number_column("macs", 0),
                   number_column(for_people ? "memory" : "memory_bytes", 0),
                   number_column(for_people ? "time_each" : "seconds_each", 1),
                   {"time_from"}};
  for (const PlannedVariant& row : rows) {
    const std::int64_t bytes = run::training_bytes(row.variant->config, row.network);
    const auto known = [&](Json value) { return row.is_known ? value : Json(); };
    const auto text_or_number = [&](const std::string& text, Json number) {
      return for_people ? Json(text) : number;
    };
    table.rows.push_back(
        {row.variant->label, row.variant->id, row.complete + row.failed + row.to_run, row.complete,
         row.failed, row.to_run, known(row.network.parameters()),
         known(text_or_number(core::human_count(static_cast<double>(row.network.macs)), row.network.macs)),
         known(text_or_number(core::human_bytes(static_cast<std::uint64_t>(bytes)), bytes)),
         row.has_time
             ? text_or_number(core::human_duration(std::chrono::duration<double>(row.seconds)), row.seconds)
             : Json(),
         row.has_time ? Json(describe(row.source)) : Json()});
  }
  return table;
}

/// What of this machine does not suffice.
void tell_machine(const study::Study& study, const std::vector<PlannedVariant>& rows) {
  const bool on_gpu = study.run.device.starts_with("cuda");
  const auto memory = on_gpu ? std::nullopt : core::total_memory_bytes();
  for (const PlannedVariant& row : rows) {
    const std::int64_t bytes = run::training_bytes(row.variant->config, row.network);
    const auto large = run::memory_warning(bytes, memory);
    if (large && row.is_known) fmt::print(stderr, "warning: {}: {}\n", row.variant->label, to_text(*large));
  }
  if (!on_gpu) return;
  if (const auto missing = run::missing_device(run::find_worker(), study.run.device))
    fmt::print(stderr, "warning: {}\n", to_text(*missing));
}

/// The library of matrix products that trials on a CPU would use. A machine without the worker can plan, too.
void tell_blas(const study::RunSettings& run) {
  try {
    const Json environment = run::worker_environment(run::find_worker(), run.device, run.threads);
    fmt::print(stderr, "matrix products: {}\n", run::describe_blas(environment));
    if (environment.value("blas_threading", "") == "pthread") {
      const core::Warning warning =
          core::make_warning("blas_threads", {{"library", environment.value("blas_library", "")}});
      fmt::print(stderr, "warning: {}\n", to_text(warning));
    }
  } catch (const core::UserError& error) {
    note(fmt::format("the worker cannot be asked what it computes with: {}", error.what()));
  }
}

void print_plan(const study::Study& study, const Context& context) {
  const KnownStates states = known_states(context, study.name);
  const Json with_looks = run::with_looks(study, run::study_folder(context.runs, study.name));
  const std::vector<PlannedVariant> rows = plan_variants(study, states, core::wanted_seeds(with_looks));
  fmt::print("{}", render(plan_table(rows, context.format), context.format));
  std::fflush(stdout);
  double seconds = 0;
  std::size_t to_run = 0, failed = 0;
  for (const PlannedVariant& row : rows) {
    seconds += static_cast<double>(row.to_run) * row.seconds;
    to_run += row.to_run;
    failed += row.failed;
  }
  const run::DataSizes& data = rows.front().sizes;
  const run::Allocation allocation = allocation_of(study, rows);
  const auto at_once = std::clamp<std::int64_t>(to_run, 1, allocation.jobs);
  fmt::print(stderr,
             "{}: {} variant{}, seeds {}; data {} x {}, {} classes, {} train, {} selection, {} test\n",
             study.name, rows.size(), rows.size() == 1 ? "" : "s", fmt::join(study.seeds, ", "), data.height,
             data.width, data.classes, data.train, data.selection, data.test);
  for (const std::string& line : looks_lines(with_looks)) fmt::print(stderr, "{}\n", line);
  for (const std::string& line : search_plan_lines(study)) fmt::print(stderr, "{}\n", line);
  const bool is_timed = std::all_of(
      rows.begin(), rows.end(), [](const PlannedVariant& row) { return row.has_time || row.to_run == 0; });
  if (to_run == 0)
    fmt::print(stderr, "0 trials to run\n");
  else
    fmt::print(stderr, "{} trial{} to run, {} at once with {} thread{} each: {}\n", to_run,
               to_run == 1 ? "" : "s", at_once, allocation.threads, allocation.threads == 1 ? "" : "s",
               is_timed ? "about " + core::human_duration(std::chrono::duration<double>(
                                         seconds / static_cast<double>(at_once)))
                        : "time unknown");
  const core::CpuLimit cpus = core::usable_cpu_limit();
  fmt::print(stderr, "{} usable CPU{} ({})\n", cpus.cpus, cpus.cpus == 1 ? "" : "s", cpus.reason);
  tell_blas(study.run);
  if (!is_timed) note("how long a network from a file takes is known when one of its trials is complete");
  if (failed > 0)
    note(
        fmt::format("{} failed; segbench run --retry-failed tries again those that did not diverge", failed));
  std::vector<std::int64_t> train_images;
  for (const PlannedVariant& row : rows) train_images.push_back(row.sizes.train);
  tell(run::variant_warnings(study, train_images));
  tell_machine(study, rows);
  if (!states.empty()) note("what is complete is told by variant and seed: the data are taken for unchanged");
}

/// Answers from what is complete so far.
void print_detection(const study::Study& study, double difference, const Context& context) {
  const ResultsStore results = open_results(context);
  const conclusions::Conclusions model = conclusions::conclude(
      conclusions::load_inputs(results.store, context.runs, study.name, conclusions::Reading::kScores), {});
  const Table table = detection_table(model, difference);
  if (table.rows.empty())
    throw core::UserError(
        fmt::format(
            "{}: how much paired differences vary is not known before two variants have complete trials "
            "of the same seeds",
            study.name),
        core::kInconclusive);
  fmt::print("{}", render(table, context.format));
  std::fflush(stdout);
  note(fmt::format(
      "seeds that find a difference of {} in {} with a power of 80 % by a paired t test at 5 %, from "
      "the spread (sd) of the differences so far; more_hours: further trials of both variants, one at "
      "a time",
      difference, text::metric_title(model.metric)));
}

void print_simulation(const study::Study& study, const Context& context) {
  fmt::print("{}", render(simulation_table(study), context.format));
  std::fflush(stdout);
  note(
      "what the rule does where one variant leads all others by lead_sd standard deviations of their paired "
      "difference: how often it is left alone (decided), how often it is dropped, or with a lead of 0 any "
      "variant is (wrong), and the mean number of trials; without the margin");
}

void seal(const study::Study& study, const Context& context) {
  const run::Seal seal = run::seal_study(study, context.runs);
  fmt::print(stderr, "{}: {} at {} (SHA-256 {}); the report says whether that was before the first trial\n",
             study.name, seal.is_new ? "sealed" : "was sealed in this form", seal.time, seal.sha256);
}

}  // namespace

void add_plan(CLI::App& app, Context& context) {
  const auto options = std::make_shared<PlanOptions>();
  CLI::App* command = app.add_subcommand("plan", "Show what a study would run, how large and for how long");
  command->add_option("STUDY", options->run.study, "Experiment file")->required();
  command->add_option("--set", options->run.overrides, "Override a setting, key=value; may be repeated")
      ->allow_extra_args(false);
  command->add_flag("--resolved", options->resolved, "Print the experiment file with everything filled in");
  command->add_flag("--seal", options->seal,
                    "Write down claims, margin, seeds and variants with the date, in RUNS/STUDY/seals.json");
  command
      ->add_option("--detect", options->detect,
                   "How many seeds find a difference of this size? From the paired differences so far")
      ->check(check_positive);
  command->add_flag(
      "--simulate", options->simulate,
      "How often until = \"decided\" would be right, and what it would save, in simulated studies");
  command->footer(
      "Writes nothing without --seal. Problems of the experiment file are all told at once, exit code 2; "
      "what the listing "
      "of the\n"
      "data refuses (no images, an unknown or empty split, an image in two splits), exit code 3.\n"
      "memory is 4 bytes for each weight, gradient and number of optimizer state, and twice for each layer "
      "output of\n"
      "a batch; LibTorch itself comes on top. time_from says where the time was taken from.\n\n"
      "Examples:\n"
      "  segbench plan experiments/quickstart.toml\n"
      "  segbench plan study.toml --set training.epochs=100 --format json\n"
      "  segbench plan study.toml --resolved > resolved.toml\n"
      "  segbench plan study.toml --seal\n"
      "  segbench plan study.toml --detect 0.01\n"
      "  segbench plan study.toml --simulate");
  command->callback([options, &context] {
    const study::Study study = load_for_run(options->run);
    if (options->simulate) return print_simulation(study, context);
    if (options->detect) return print_detection(study, *options->detect, context);
    if (options->seal) seal(study, context);
    if (!options->resolved)
      print_plan(study, context);
    else if (context.format == "json")
      fmt::print("{}\n", study::resolved_json(study).dump(2));
    else
      fmt::print("{}", study::resolved_toml(study));
  });
}

}  // namespace segbench::cli
