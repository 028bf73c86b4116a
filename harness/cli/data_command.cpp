// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "harness/cli/command.h"
#include "harness/cli/data_look.h"
#include "harness/cli/data_output.h"
#include "harness/cli/fetch_data.h"
#include "harness/cli/fetch_weights.h"
#include "harness/core/part.h"
#include "harness/data/data_set.h"
#include "harness/data/export.h"
#include "harness/data/kinds/catalogue.h"
#include "harness/study/study.h"

namespace segbench::cli {
namespace {

using core::Json;

std::string default_of(const core::ParamSpec& param) {
  if (!param.default_value) return "required";
  return param.default_value->is_null() ? "not set" : param.default_value->dump();
}

void print_kinds_as_text() {
  for (const core::PartSpec* kind : core::PartRegistry::instance().all(core::PartKind::kDataSet)) {
    const Json& classes = kind->traits.at("num_classes");
    fmt::print("{}: {}{}\n  source: {}\n", kind->name, kind->summary,
               classes.is_null() ? "" : fmt::format(" ({} classes)", classes.get<int>()), kind->source);
    fmt::print("  layout:\n");
    for (const std::string line : kind->traits.at("layout")) fmt::print("    {}\n", line);
    fmt::print("  splits unless given: {}\n", kind->traits.at("default_splits").dump());
    fmt::print("  resolution unless given: {}\n", kind->traits.at("default_resolution").dump());
    fmt::print("  settings in [data]:\n");
    for (const core::ParamSpec& param : kind->params) {
      fmt::print("    {:<21} {} ({}; {})\n", param.name, param.help, core::describe_allowed(param),
                 default_of(param));
    }
    fmt::print("\n");
  }
}

void print_kinds(const std::string& format) {
  if (format == "table") {
    print_kinds_as_text();
    return;
  }
  Table table{.columns = {{.key = "kind"},
                          {.key = "summary"},
                          number_column("classes"),
                          {.key = "needs_root"},
                          {.key = "settings"},
                          {.key = "source"}},
              .rows = {}};
  for (const core::PartSpec* kind : core::PartRegistry::instance().all(core::PartKind::kDataSet)) {
    std::vector<std::string> settings;
    for (const core::ParamSpec& param : kind->params) settings.push_back(param.name);
    table.rows.push_back({kind->name, kind->summary, kind->traits.at("num_classes"),
                          kind->traits.at("needs_root"), fmt::format("{}", fmt::join(settings, " ")),
                          kind->source});
  }
  fmt::print("{}", render(table, format));
}

struct ExportRequest {
  std::vector<std::string> paths;  ///< [STUDY] FOLDER
  std::string kind, root;
  std::vector<std::string> overrides;
  std::optional<std::uint64_t> seed;
  data::ExportOptions options;
};

core::DataConfig config_of(ExportRequest& request) {
  const std::size_t wanted = request.kind.empty() ? 2 : 1;
  if (request.paths.size() != wanted) {
    throw core::UserError(
        fmt::format("data export: {} path{} given; write STUDY.toml FOLDER, or --kind KIND FOLDER",
                    request.paths.size(), request.paths.size() == 1 ? "" : "s"));
  }
  if (request.kind.empty()) {
    const study::Study study = study::load_study(request.paths.front(), request.overrides);
    request.options.augment = study.variants.front().config.training.augment;
    request.options.seed = request.seed.value_or(study.seeds.front());
    return study.variants.front().config.data;
  }
  if (request.options.epochs > 0)
    throw core::UserError("data export: --epochs needs a study, which says how its samples are augmented");
  for (const core::ParamSpec& param :
       core::PartRegistry::instance().get(core::PartKind::kDataSet, request.kind).params) {
    if (param.default_value) continue;
    throw core::UserError(
        fmt::format("data export: the kind {} needs the setting {}; give a study instead of --kind",
                    request.kind, param.name));
  }
  return data::default_config(request.kind, request.root);
}

void run_export(ExportRequest& request, Context& context) {
  const core::DataConfig config = config_of(request);
  const std::filesystem::path folder = request.paths.back();
  std::int64_t written = 0;
  const data::AuditReport report = data::export_samples(config, folder, request.options, written,
                                                        terminal_progress("reading " + config.kind));
  fmt::print(stderr, "{}", finding_lines(report));
  fmt::print("{} samples written to {}\n", written, folder.string());
  if (report.refused()) context.exit_code = core::kAuditRefused;
}

}  // namespace

void add_data(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand(
      "data",
      "List the kinds of data; describe a data set, write samples to look at; download data sets and "
      "pretrained weights");
  command->require_subcommand(1);
  command->footer(  // of the list, too
      "Examples:\n"
      "  segbench data list\n"
      "  segbench data describe study.toml --sheet look.png\n"
      "  segbench data fetch --list\n"
      "  segbench data SUBCOMMAND --help");
  command->add_subcommand("list", "The kinds of data sets: layout, splits, settings")->callback([&context] {
    print_kinds(context.format);
  });

  const auto request = std::make_shared<ExportRequest>();
  CLI::App* exporting = command->add_subcommand(
      "export", "Write images and colour-coded masks as the networks see them, as PNG files");
  exporting->add_option("PATH", request->paths, "STUDY.toml FOLDER, or FOLDER with --kind")
      ->required()
      ->expected(1, 2);
  exporting->add_option("--kind", request->kind,
                        "a kind of data with its usual settings, instead of a study");
  exporting->add_option("--root", request->root, "folder of the data set, with --kind");
  exporting->add_option("--set", request->overrides, "override a setting of the study, key=value")
      ->allow_extra_args(false);
  exporting->add_option("--split", request->options.split, "one split only")
      ->check(CLI::IsMember({"train", "selection", "test"}));
  exporting->add_option("--limit", request->options.limit, "at most so many samples of each split")
      ->check(check_positive);
  exporting->add_option("--epochs", request->options.epochs,
                        "also the training samples as augmented in so many epochs, in train/epoch-1, …");
  exporting->add_option("--seed", request->seed,
                        "of the trial that sees them so; default: the study's first");
  exporting->add_flag("--force", request->options.force, "replace the files of an earlier export");
  exporting->footer(
      "A study with several data sets: that of its first variant. Files that an export did not write, and "
      "the data\n"
      "set's own folders, are never written to.\n\n"
      "Examples:\n"
      "  segbench data export study.toml look --split test --limit 20\n"
      "  segbench data export study.toml look --split train --limit 5 --epochs 4\n"
      "  segbench data export --kind shapes look");
  exporting->callback([request, &context] { run_export(*request, context); });
  add_data_look(*command, context);
  add_fetch_data(*command, context);
  add_fetch_weights(*command, context);
}

}  // namespace segbench::cli
