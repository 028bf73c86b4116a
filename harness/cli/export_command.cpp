// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <iterator>
#include <memory>

#include "harness/cli/command.h"
#include "harness/cli/export_onnx.h"
#include "harness/cli/export_tables.h"
#include "harness/cli/results_store.h"
#include "harness/cli/selection.h"
#include "harness/core/files.h"
#include "harness/core/trial.h"
#include "harness/trial/files.h"
#include "results/conclusions/inputs.h"
#include "results/exchange/mlflow.h"
#include "results/exchange/optuna.h"
#include "results/exchange/tensorboard.h"

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

/// The formats of other tools: a file for stdout, or a folder.
constexpr const char* kOtherTools[] = {"tensorboard", "mlflow", "optuna"};

bool is_of_other_tool(const std::string& name) {
  return std::find(std::begin(kOtherTools), std::end(kOtherTools), name) != std::end(kOtherTools);
}

std::vector<std::string> all_names() {
  std::vector<std::string> names = export_table_names();
  names.insert(names.end(), std::begin(kOtherTools), std::end(kOtherTools));
  return names;
}

void put(const std::string& text, const std::string& output) {
  if (output.empty())
    fmt::print("{}", text);
  else
    core::write_file_atomically(output, text);
}

void export_to_other_tool(const ExportOptions& options, const Context& context, const store::Store& store) {
  const conclusions::StudyInputs inputs =
      conclusions::load_inputs(store, context.runs, select_study(store, options.study));
  const std::vector<exchange::TrialSeries> trials = exchange::series_of(inputs);
  if (options.table == "optuna") return put(exchange::optuna_journal(inputs, trials), options.output);
  if (options.output.empty())
    throw core::UserError(fmt::format("{} writes a folder: name a new one with --output", options.table));
  const std::size_t written = options.table == "mlflow"
                                  ? exchange::write_mlflow(options.output, inputs.study.name, trials)
                                  : exchange::write_tensorboard(options.output, trials);
  fmt::print(stderr, "{}: {} trial{} of {}\n", options.output, written, written == 1 ? "" : "s",
             inputs.study.name);
}

void run_export(const ExportOptions& options, const Context& context) {
  const ResultsStore results = open_results(context);
  const store::Store& store = results.store;
  export_network(store, context, options.weights, "weights", copy_file);
  export_network(store, context, options.onnx, "network", export_onnx);
  if (options.table.empty()) return;
  if (is_of_other_tool(options.table)) return export_to_other_tool(options, context, store);
  put(render(export_table(store, select_study(store, options.study), options.table), context.format),
      options.output);
}

}  // namespace

void add_export(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("export", "Write recorded tables, or the weights or network of a trial");
  const auto options = std::make_shared<ExportOptions>();
  command->add_option("table", options->table, fmt::format("{}", fmt::join(all_names(), " | ")))
      ->check(CLI::IsMember(all_names()));
  command->add_option("study", options->study,
                      "A study: name, unique beginning or experiment file; not needed when there is one");
  command->add_option("--output,-o", options->output,
                      "File instead of stdout; for tensorboard and mlflow a new folder");
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
      "  segbench export images size-study --format jsonl | head\n"
      "  segbench export tensorboard size-study -o tb && tensorboard --logdir tb\n"
      "  segbench export mlflow size-study -o mlruns && mlflow ui\n"
      "  segbench export optuna size-study -o study.log\n"
      "  segbench export --weights 3f2a unet-small.safetensors\n"
      "  segbench export --onnx 3f2a unet-small.onnx");
  command->callback([options, &context] {
    if (options->table.empty() && options->weights.empty() && options->onnx.empty()) {
      throw core::UserError(
          fmt::format("what is to be exported? Name a table ({}), --weights TRIAL FILE or --onnx TRIAL FILE",
                      fmt::join(all_names(), ", ")));
    }
    run_export(*options, context);
  });
}

}  // namespace segbench::cli
