// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>

#include "harness/cli/command.h"
#include "harness/cli/export_onnx.h"
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
  std::vector<std::string> weights, onnx;  ///< trial, target file
};

/// `write` is given the trial's weights, checked, and the target.
void export_network(
    const store::Store& store, const Context& context, const std::vector<std::string>& choice,
    const char* what,
    const std::function<void(const std::filesystem::path&, const std::filesystem::path&)>& write) {
  if (choice.empty()) return;
  const store::TrialRecord trial = store.trial(choice.at(0));
  if (trial.folder.empty()) {
    throw core::UserError(fmt::format("trial {} ({}, seed {}) is {} and has no weights", trial.trial_id,
                                      trial.variant_label, trial.seed, core::to_string(trial.status)),
                          core::kTrialFailed);
  }
  const std::filesystem::path target = choice.at(1);
  if (std::filesystem::exists(target))
    throw core::UserError(fmt::format("{}: is there already", target.string()));
  write(trial::checked_weights(context.runs / trial.folder), target);
  fmt::print(stderr, "{}: {} of {}, seed {}\n", target.string(), what, trial.variant_label, trial.seed);
}

void copy_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  core::write_file_atomically(to, core::read_file(from));
}

void run_export(const ExportOptions& options, const Context& context) {
  const ResultsStore results = open_results(context);
  const store::Store& store = results.store;
  export_network(store, context, options.weights, "weights", copy_file);
  export_network(store, context, options.onnx, "network", export_onnx);
  if (options.table.empty()) return;
  const std::string text =
      render(export_table(store, select_study(store, options.study), options.table), context.format);
  if (options.output.empty())
    fmt::print("{}", text);
  else
    core::write_file_atomically(options.output, text);
}

}  // namespace

void add_export(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("export", "Write recorded tables, or the weights or network of a trial");
  const auto options = std::make_shared<ExportOptions>();
  command->add_option("table", options->table, fmt::format("{}", fmt::join(export_table_names(), " | ")))
      ->check(CLI::IsMember(export_table_names()));
  command->add_option("study", options->study,
                      "A study: name, unique beginning or experiment file; not needed when there is one");
  command->add_option("--output,-o", options->output, "File instead of stdout");
  command
      ->add_option("--weights", options->weights,
                   "Copy the weights of a trial (unique beginning of its id) to a new safetensors file")
      ->expected(2)
      ->type_name("TRIAL FILE");
  command
      ->add_option("--onnx", options->onnx,
                   "Write the network of a trial to a new ONNX file: input \"image\", normalised pixels "
                   "[N, channels, height, width], output \"logits\"; its metadata say how to normalise")
      ->expected(2)
      ->type_name("TRIAL FILE");
  command->footer(
      "Examples:\n  segbench export trials --format csv > trials.csv\n"
      "  segbench export counts size-study --format json -o counts.json\n"
      "  segbench export --weights 3f2a unet-small.safetensors\n"
      "  segbench export --onnx 3f2a unet-small.onnx");
  command->callback([options, &context] {
    if (options->table.empty() && options->weights.empty() && options->onnx.empty()) {
      throw core::UserError(
          fmt::format("what is to be exported? Name a table ({}), --weights TRIAL FILE or --onnx TRIAL FILE",
                      fmt::join(export_table_names(), ", ")));
    }
    run_export(*options, context);
  });
}

}  // namespace segbench::cli
