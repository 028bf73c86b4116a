// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "harness/cli/command.h"
#include "harness/cli/comparison.h"
#include "harness/cli/restore_caches.h"
#include "harness/cli/results_store.h"
#include "harness/cli/selection.h"
#include "harness/core/measures.h"
#include "harness/run/scratch_folder.h"
#include "reports/report.h"

namespace segbench::cli {
namespace {

struct Arguments {
  std::string study;
  reports::ReportOptions options;
  bool check = false, no_plots = false;
};

void check(const store::Store& store, const std::string& study, const Arguments& arguments,
           Context& context) {
  const run::ScratchFolder scratch(run::temporary_folder());
  const auto [differences, notes] = reports::check_report(
      store, context.runs, study, {.report = arguments.options.output, .scratch = scratch.path()});
  for (const std::string& text : notes) note(text);
  for (const std::string& line : differences) fmt::print("{}\n", line);
  if (differences.empty()) {
    fmt::print("{}: everything that the report shows agrees with the store\n", study);
    return;
  }
  fmt::print(stderr, "{}: {} difference(s); make the report anew with `segbench report {}`\n", study,
             differences.size(), study);
  context.exit_code = core::kTrialFailed;
}

void report(const Arguments& arguments, Context& context) {
  const ResultsStore results = open_results(context);
  const store::Store& store = results.store;
  const std::string study = select_study(store, arguments.study);
  if (arguments.check) return check(store, study, arguments, context);
  reports::ReportOptions options = arguments.options;
  options.plots = !arguments.no_plots;
  restore_caches(context, store, study);
  const reports::WrittenReport written = reports::write_report(store, context.runs, study, options);
  for (const std::string& warning : written.warnings) note(warning);
  fmt::print("{}\n", written.page.string());
  if (written.not_comparable.empty()) return;
  fmt::print(stderr, "{}\n", not_comparable_text(written.not_comparable, options.model.split));
  context.exit_code = core::kNotComparable;
}

}  // namespace

void write_report(const std::string& study, Context& context) {
  Arguments arguments;
  arguments.study = study;
  report(arguments, context);
}

void add_report(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "report", "Writes a study's report: one offline HTML page with its plots and tables");
  command->add_option("study", arguments->study,
                      "Study, a unique beginning of its name, or its experiment file");
  std::string metrics;
  for (const core::Measure& metric : core::kMetrics)
    metrics += (metrics.empty() ? "" : ", ") + std::string(metric.key);
  command->add_option("--metric", arguments->options.model.metric,
                      "Metric to rank by: " + metrics + " (default: what the variants select by)");
  command->add_option("--split", arguments->options.model.split, "Split to score: test or selection")
      ->capture_default_str();
  add_allow_option(*command, arguments->options.model.allowed);
  command->add_option("--output", arguments->options.output,
                      "Folder of the report (default: RUNS/STUDY/report)");
  command->add_flag("--no-plots", arguments->no_plots,
                    "Do not run gnuplot; its scripts and data are still written");
  command->add_flag(
      "--check", arguments->check,
      "Make the written report again from the store and compare every file; exit 1 where one differs");
  command->footer(
      "Examples:\n"
      "  segbench report unet-size-study\n"
      "  segbench report unet-size-study --metric pixel_accuracy --output report-accuracy\n"
      "  segbench report unet-size-study --check\n\n"
      "The last line on stdout is the path of index.html. Exit code 5: it is written, but the variants are\n"
      "scored on different data or images and not comparable.");
  command->callback([arguments, &context] { report(*arguments, context); });
}

}  // namespace segbench::cli
