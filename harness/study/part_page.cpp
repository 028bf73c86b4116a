// SPDX-License-Identifier: MIT
#include "harness/study/part_page.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

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

std::string part_page(const core::PartSpec& part) {
  std::string page = fmt::format("# {} `{}`\n\n{}.\n", core::to_string(part.kind), part.name, part.summary);
  if (!part.source.empty()) page += fmt::format("\nSource: {}.\n", part.source);
  if (!part.list_param.empty()) {
    page += fmt::format("\nA list written in the place of {} is this part with the list as `{}`.\n",
                        core::with_article(part.kind), part.list_param);
  }
  const std::vector<ParamRow> rows = param_rows(part);
  if (rows.empty()) return page;
  page += fmt::format("\n| {} |\n|---|---|---|---|\n", fmt::join(kParamColumns, " | "));
  for (const auto& [name, value, allowed, help] : rows)
    page += fmt::format("| `{}` | {} | {} | {} |\n", name, value, allowed, help);
  return page;
}

}  // namespace segbench::study
