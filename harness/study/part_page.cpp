// SPDX-License-Identifier: MIT
#include "harness/study/part_page.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/core/class_list.h"
#include "harness/study/node.h"

namespace segbench::study {

std::string folder_of(core::PartKind kind) {
  std::string name = core::plural(kind);
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

ParamRow param_row(const core::ParamSpec& param) {
  std::string value = "required";
  if (param.default_value) {
    value = !param.default_value->is_null() ? toml_text(*param.default_value)
            : param.null_word               ? toml_text(*param.null_word)
            : !param.null_means.empty()     ? param.null_means
                                            : "–";
  }
  // Not every name of a kind: its pages and `segbench parts` have them, and a new part changes no page but
  // its own.
  const std::string allowed =
      param.choices_of ? core::with_article(*param.choices_of) : core::describe_allowed(param);
  return {param.name, value, allowed, param.help};
}

std::vector<ParamRow> param_rows(const core::PartSpec& part) {
  std::vector<ParamRow> rows;
  for (const core::ParamSpec& param : core::listed_params(part)) rows.push_back(param_row(param));
  return rows;
}

namespace {

/// What stands where, and what follows from it.
std::string data_set_notes(const core::PartSpec& part) {
  std::string text = "\n## Layout\n\n";
  for (const std::string line : part.traits.value("layout", core::Json::array()))
    text += fmt::format("    {}\n", line);
  std::string splits;
  for (const char* split : {"train", "selection", "test"}) {
    const core::Json rule =
        part.traits.value("default_splits", core::Json::object()).value(split, core::Json());
    splits += fmt::format("{}{} = {}", splits.empty() ? "" : ", ", split, toml_text(rule));
  }
  text += fmt::format("\nWithout settings: `splits = {{ {} }}`, `resolution = {}`.\n", splits,
                      toml_text(part.traits.value("default_resolution", core::Json())));
  if (part.traits.contains("group"))
    text += fmt::format("\nSamples that stay together: those of one group, {}.\n",
                        part.traits["group"].get<std::string>());
  const std::vector<std::string> classes = core::class_names(part, core::Json::object());
  if (!classes.empty()) text += fmt::format("\nClasses: {}.\n", fmt::join(classes, ", "));
  return text;
}

}  // namespace

std::string part_page(const core::PartSpec& part) {
  std::string page = fmt::format("# {} `{}`\n\n{}.\n", core::to_string(part.kind), part.name, part.summary);
  if (!part.source.empty()) page += fmt::format("\nSource: {}.\n", part.source);
  if (!part.list_param.empty()) {
    page += fmt::format("\nA list written in the place of {} is this part with the list as `{}`.\n",
                        core::with_article(part.kind), part.list_param);
  }
  const std::vector<ParamRow> rows = param_rows(part);
  if (!rows.empty()) page += fmt::format("\n| {} |\n|---|---|---|---|\n", fmt::join(kParamColumns, " | "));
  for (const auto& [name, value, allowed, help] : rows)
    page += fmt::format("| `{}` | {} | {} | {} |\n", name, value, allowed, help);
  if (part.kind == core::PartKind::kDataSet) page += data_set_notes(part);
  return page;
}

}  // namespace segbench::study
