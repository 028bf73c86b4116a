// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "harness/cli/command.h"
#include "harness/cli/comparison.h"
#include "harness/cli/restore_caches.h"
#include "harness/cli/results_store.h"
#include "harness/cli/selection.h"
#include "harness/core/files.h"
#include "harness/core/measures.h"
#include "harness/run/scratch_folder.h"
#include "reports/render.h"
#include "reports/report.h"

namespace segbench::cli {
namespace {

struct Arguments {
  std::vector<std::string> studies;
  std::string format = "html";
  reports::ReportOptions options;
  bool check = false, no_plots = false;
};

/// Each study that is named, once; without a name the only one that there is.
std::vector<std::string> selected(const store::Store& store, const std::vector<std::string>& given) {
  std::vector<std::string> studies;
  for (const std::string& argument : given.empty() ? std::vector<std::string>{""} : given) {
    const std::string study = select_study(store, argument);
    if (std::find(studies.begin(), studies.end(), study) == studies.end()) studies.push_back(study);
  }
  return studies;
}

/// What --format puts on stdout.
std::string output_of(const std::string& format, const reports::WrittenReport& written) {
  const std::filesystem::path folder = written.page.parent_path();
  if (format == "markdown") return core::read_file(folder / reports::kMarkdownFile);
  if (format == "csv") return core::read_file(folder / reports::kTablesFolder / "leaderboard.csv");
  return (format == "latex" ? folder / reports::kLatexFile : written.page).string() + "\n";
}

void check(const store::Store& store, const std::vector<std::string>& studies, const Arguments& arguments,
           Context& context) {
  const std::string study = fmt::format("{}", fmt::join(studies, " "));
  const run::ScratchFolder scratch(run::temporary_folder());
  const auto [differences, notes] = reports::check_report(
      store, context.runs, studies, {.report = arguments.options.output, .scratch = scratch.path()});
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
  const std::vector<std::string> studies = selected(store, arguments.studies);
  if (arguments.check) return check(store, studies, arguments, context);
  reports::ReportOptions options = arguments.options;
  options.plots = !arguments.no_plots;
  options.latex = arguments.format == "latex";
  for (const std::string& study : studies) restore_caches(context, store, study);
  const reports::WrittenReport written = reports::write_report(store, context.runs, studies, options);
  for (const std::string& warning : written.warnings) note(warning);
  fmt::print("{}", output_of(arguments.format, written));
  if (arguments.format != "html") note(fmt::format("written: {}", written.page.parent_path().string()));
  if (written.not_comparable.empty()) return;
  fmt::print(stderr, "{}\n", not_comparable_text(written.not_comparable, options.model.split));
  context.exit_code = core::kNotComparable;
}

}  // namespace

void write_report(const std::string& study, Context& context) {
  Arguments arguments;
  arguments.studies = {study};
  report(arguments, context);
}

void add_report(CLI::App& app, Context& context) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "report",
      "Write a study's report: one offline HTML page with its plots and tables; or compare studies");
  command->add_option(
      "study", arguments->studies,
      "Study, a unique beginning of its name, or its experiment file; several are compared on "
      "one page");
  command
      ->add_option("--format", arguments->format,
                   "What is written to stdout: html and latex the path of index.html and of report.tex (with "
                   "plots as PDF), markdown the report for a pull request, csv the leaderboard")
      ->check(CLI::IsMember({"html", "markdown", "latex", "csv"}))
      ->capture_default_str();
  command->add_flag("--pdf", arguments->options.pdf,
                    "Print the page to report.pdf as well, with the Chromium or Chrome in PATH");
  std::string metrics;
  for (const core::Measure& metric : core::kMetrics)
    metrics += (metrics.empty() ? "" : ", ") + std::string(metric.key);
  command->add_option("--metric", arguments->options.model.metric,
                      "Metric to rank by: " + metrics + " (default: what the variants select by)");
  command->add_option("--split", arguments->options.model.split, "Split to score: test or selection")
      ->capture_default_str();
  add_allow_option(*command, arguments->options.model.allowed);
  command->add_option("--output", arguments->options.output,
                      "Folder of the report (default: RUNS/STUDY/report, of several RUNS/A+B/report)");
  command->add_flag("--no-plots", arguments->no_plots,
                    "Do not run gnuplot; its scripts and data are still written");
  command->add_flag(
      "--check", arguments->check,
      "Make the written report again from the store and compare every file; exit 1 where one differs");
  command->footer(
      "Examples:\n"
      "  segbench report unet-size-study\n"
      "  segbench report unet-size-study --metric pixel_accuracy --output report-accuracy\n"
      "  segbench report unet-size-study --format markdown > comment.md\n"
      "  segbench report unet-size-study --format latex --pdf\n"
      "  segbench report course-2023 course-2024\n"
      "  segbench report unet-size-study --check\n\n"
      "The folder holds every form but LaTeX and PDF in any case. Exit code 5: it is written, but the "
      "variants are\n"
      "scored on different data or images and not comparable.");
  command->callback([arguments, &context] { report(*arguments, context); });
}

}  // namespace segbench::cli
