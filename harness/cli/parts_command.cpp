// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include "harness/cli/command.h"
#include "harness/cli/table.h"
#include "harness/core/part.h"
#include "harness/run/select_name.h"
#include "harness/study/part_page.h"

namespace segbench::cli {
namespace {

struct PartsOptions {
  std::string kind, name;
};

core::PartKind kind_of(const std::string& text) {
  std::vector<std::string> names;
  for (const core::PartKind kind : core::kPartKinds) names.push_back(study::folder_of(kind));
  std::string asked = text;
  std::replace(asked.begin(), asked.end(), ' ', '_');
  const std::string chosen = run::select_name(asked, names, "kind of part");
  return core::kPartKinds[static_cast<std::size_t>(std::find(names.begin(), names.end(), chosen) -
                                                   names.begin())];
}

void list_parts(const std::vector<core::PartKind>& kinds, const Context& context) {
  Table table;
  table.columns = {{"kind"}, {"name"}, {"summary"}, {"source"}};
  table.keys = 2;
  for (const core::PartKind kind : kinds) {
    for (const core::PartSpec* part : core::PartRegistry::instance().all(kind))
      table.rows.push_back({study::folder_of(kind), part->name, part->summary, part->source});
  }
  fmt::print("{}", render(table, context.format));
}

void show_part(core::PartKind kind, const std::string& name, const Context& context) {
  const core::PartRegistry& registry = core::PartRegistry::instance();
  const core::PartSpec& part =
      registry.get(kind, run::select_name(name, registry.names(kind), std::string(core::to_string(kind))));
  if (context.format == "md") {
    fmt::print("{}", study::part_page(part));
    return;
  }
  Table table;
  for (const char* column : study::kParamColumns) table.columns.push_back({column});
  for (const study::ParamRow& row : study::param_rows(part)) table.rows.emplace_back(row.begin(), row.end());
  if (context.format == "table") {
    fmt::print("{} {}: {}\n{}", core::to_string(kind), part.name, part.summary,
               part.source.empty() ? "" : fmt::format("source: {}\n", part.source));
    if (table.rows.empty()) return;
    fmt::print("\n");
  }
  fmt::print("{}", render(table, context.format));
}

}  // namespace

void add_parts(CLI::App& app, Context& context) {
  const auto options = std::make_shared<PartsOptions>();
  CLI::App* command = app.add_subcommand(
      "parts", "List what an experiment file can choose by name, or show the parameters of one");
  std::vector<std::string> kinds;
  for (const core::PartKind kind : core::kPartKinds) kinds.push_back(study::folder_of(kind));
  command->add_option("KIND", options->kind,
                      fmt::format("One of {}; without it, all are listed", fmt::join(kinds, ", ")));
  command->add_option("NAME", options->name, "A part of this kind; without it, all of the kind are listed");
  command->footer(
      "Names may be shortened as long as they are unique.\n\n"
      "Examples:\n"
      "  segbench parts\n"
      "  segbench parts losses\n"
      "  segbench parts optimizers sgd\n"
      "  segbench parts losses cross_entropy --format md");
  command->callback([options, &context] {
    if (options->kind.empty()) {
      list_parts({core::kPartKinds.begin(), core::kPartKinds.end()}, context);
    } else if (options->name.empty()) {
      list_parts({kind_of(options->kind)}, context);
    } else {
      show_part(kind_of(options->kind), options->name, context);
    }
  });
}

}  // namespace segbench::cli
