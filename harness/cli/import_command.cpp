// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "harness/cli/command.h"
#include "harness/cli/selection.h"
#include "harness/cli/table.h"
#include "harness/run/carry_in.h"
#include "harness/run/import_predictions.h"
#include "results/profiles/carry_in.h"
#include "results/store/import_runs.h"

namespace segbench::cli {
namespace {

struct ImportOptions {
  std::vector<std::string> folders, predictions;
  std::string study;
  bool rebuild = false;
};

void import(const ImportOptions& options, Context& context) {
  if (!std::filesystem::is_directory(context.runs) && options.folders.empty()) {
    throw core::UserError(fmt::format("{}: there is no such folder", context.runs.string()));
  }
  std::vector<std::string> conflicts;
  for (const std::string& folder : options.folders) {
    const run::CarriedIn carried = run::carry_in(folder, context.runs, options.study);
    for (const auto& trial : carried.copied) fmt::print(stderr, "copied {}\n", trial.string());
    for (const auto& session : profiles::carry_in_sessions(folder, context.runs))
      fmt::print(stderr, "copied {}\n", session.string());
    for (const std::string& text : carried.notes) note(text);
    conflicts.insert(conflicts.end(), carried.conflicts.begin(), carried.conflicts.end());
  }
  for (const std::string& file : options.predictions) {
    const run::ImportedPredictions imported =
        run::import_predictions(study::load_predictions(file), context.runs);
    for (const auto& trial : imported.trials) fmt::print(stderr, "imported {}\n", trial.string());
    for (const std::string& text : imported.notes) note(text);
  }
  if (options.rebuild) store::remove_database(store_file(context));
  store::Store store = store::Store::open(store_file(context));
  const store::ImportSummary summary = store::import_runs(store, context.runs);
  for (const std::string& warning : summary.warnings) fmt::print(stderr, "warning: {}\n", warning);
  for (std::string& conflict : run::conflicts_under(context.runs)) conflicts.push_back(std::move(conflict));
  for (const std::string& conflict : conflicts) fmt::print(stderr, "conflict: {}\n", conflict);
  if (!conflicts.empty()) {
    note(
        "nothing was overwritten: equal ids stand for equal work, so one of the two was edited, or computed "
        "with "
        "another version or on another processor; `segbench verify` tells which one repeats");
    context.exit_code = core::kNotComparable;
  }
  Table table{.columns = {number_column("studies", 0),
                          number_column("trials", 0),
                          number_column("warnings", 0),
                          number_column("conflicts", 0),
                          {"file"}},
              .rows = {{summary.studies, summary.trials, summary.warnings.size(), conflicts.size(),
                        store_file(context).string()}}};
  fmt::print("{}", render(table, context.format));
}

}  // namespace

void add_import(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("import", "Bring the store up to what the trials' logs say");
  const auto options = std::make_shared<ImportOptions>();
  command->add_option("folders", options->folders,
                      "Folders carried back from another machine (a trial, a study or a whole `runs`): "
                      "copied under --runs first, with the profiles of a whole `runs`");
  command
      ->add_option(
          "--study", options->study,
          "Take the trials of these folders in as those of this study under --runs, whatever it was called "
          "where they were run")
      ->needs("folders");
  command
      ->add_option(
          "--predictions", options->predictions,
          "A TOML file that names masks or counts which a model from elsewhere predicted for a study's "
          "images (docs/formats.md): they are scored by the study's truth and stand beside its "
          "variants; may be repeated")
      ->allow_extra_args(false);
  command->add_flag("--rebuild", options->rebuild, "Make results.sqlite anew instead of updating it");
  command->footer(
      "A trial that is complete here is never overwritten. One that is complete on both sides with other "
      "counts is "
      "told\n"
      "as a conflict, exit code 5.\n\n"
      "Examples:\n  segbench import\n  segbench import --rebuild\n  segbench import ~/from-cluster/runs\n"
      "  segbench import runs/old-name --study new-name");
  command->callback([options, &context] { import(*options, context); });
}

}  // namespace segbench::cli
