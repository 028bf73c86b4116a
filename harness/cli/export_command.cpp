// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "harness/cli/command.h"
#include "harness/cli/export_tables.h"
#include "harness/cli/results_store.h"
#include "harness/cli/selection.h"
#include "harness/core/files.h"
#include "harness/core/trial.h"
#include "harness/trial/files.h"

namespace segbench::cli {
namespace {

struct ExportOptions {
  std::string table;
  std::string study;
  std::string output;
  std::vector<std::string> weights;  ///< trial, target file
};

void export_weights(const store::Store& store, const Context& context, const std::string& prefix,
                    const std::string& target) {
  const store::TrialRecord trial = store.trial(prefix);
  if (trial.folder.empty()) {
    throw core::UserError(fmt::format("trial {} ({}, seed {}) is {} and has no weights", trial.trial_id,
                                      trial.variant_label, trial.seed, core::to_string(trial.status)),
                          core::kTrialFailed);
  }
  if (std::filesystem::exists(target)) throw core::UserError(fmt::format("{}: is there already", target));
  core::write_file_atomically(target, core::read_file(trial::checked_weights(context.runs / trial.folder)));
  fmt::print(stderr, "{}: weights of {}, seed {}\n", target, trial.variant_label, trial.seed);
}

void run_export(const ExportOptions& options, const Context& context) {
  const ResultsStore results = open_results(context);
  const store::Store& store = results.store;
  if (!options.weights.empty()) {
    export_weights(store, context, options.weights.at(0), options.weights.at(1));
    if (options.table.empty()) return;
  }
  const std::string text =
      render(export_table(store, select_study(store, options.study), options.table), context.format);
  if (options.output.empty())
    fmt::print("{}", text);
  else
    core::write_file_atomically(options.output, text);
}

}  // namespace

void add_export(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("export", "Write recorded tables, or the weights of a trial");
  const auto options = std::make_shared<ExportOptions>();
  command->add_option("table", options->table, "trials | epochs | evaluations | counts | images")
      ->check(CLI::IsMember(export_table_names()));
  command->add_option("study", options->study,
                      "A study: name, unique beginning or experiment file; not needed when there is one");
  command->add_option("--output,-o", options->output, "File instead of stdout");
  command
      ->add_option("--weights", options->weights,
                   "Copy the weights of a trial (unique beginning of its id) to a new safetensors file")
      ->expected(2)
      ->type_name("TRIAL FILE");
  command->footer(
      "Examples:\n  segbench export trials --format csv > trials.csv\n"
      "  segbench export counts size-study --format json -o counts.json\n"
      "  segbench export --weights 3f2a unet-small.safetensors");
  command->callback([options, &context] {
    if (options->table.empty() && options->weights.empty()) {
      throw core::UserError(
          "what is to be exported? Name a table (trials, epochs, evaluations, counts, images) or --weights "
          "TRIAL FILE");
    }
    run_export(*options, context);
  });
}

}  // namespace segbench::cli
