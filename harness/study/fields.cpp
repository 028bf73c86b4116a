// SPDX-License-Identifier: MIT
#include "harness/study/fields.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "harness/core/text.h"

namespace segbench::study {
namespace {

using core::Json;
using core::ParamSpec;

bool is_finite(const Json& value) {
  if (value.is_number_float()) return std::isfinite(value.get<double>());
  return !value.is_array() || std::all_of(value.begin(), value.end(), is_finite);
}

Json canonical(const ParamSpec& spec, Json value) {
  const bool number = (spec.types & core::kNumber) != 0;
  const bool number_list = (spec.types & core::kNumberList) != 0 && (spec.types & core::kIntegerList) == 0;
  if (value.is_number() && number) return value.get<double>() + 0.0;  // + 0.0 turns -0.0 into 0.0
  if (value.is_array() && number_list) {
    for (Json& item : value) item = item.get<double>() + 0.0;
  }
  return value;
}

Json fallback(const ParamSpec& spec) {
  if (spec.default_value) return canonical(spec, *spec.default_value);
  if ((spec.types & core::kInteger) != 0) return static_cast<std::int64_t>(spec.minimum.value_or(1));
  if ((spec.types & core::kNumber) != 0) return spec.minimum.value_or(1);
  return nullptr;
}

std::string dotted(std::string_view path, std::string_view key) {
  return fmt::format("{}.{}", path, key);
}

}  // namespace

Json read_fields(const Node& table, std::string_view path, const std::vector<ParamSpec>& specs, Demand demand,
                 ProblemList& problems) {
  Json values = Json::object();
  for (const ParamSpec& spec : specs) {
    const Node* node = table.find(spec.name);
    values[spec.name] = fallback(spec);
    if (node == nullptr) {
      if (spec.default_value || demand == Demand::kPresent) continue;
      problems.add(table.place, fmt::format("{} is missing; it must be {}", dotted(path, spec.name),
                                            core::describe_allowed(spec)));
      continue;
    }
    const Json value = to_json(*node);
    if (is_finite(value) && !value.is_null() && !core::check_param(spec, value)) {
      values[spec.name] = canonical(spec, value);
      continue;
    }
    const std::string hint = core::did_you_mean(node->string(), core::choices_for(spec));
    problems.add(node->place, found_message(dotted(path, spec.name), *node, core::describe_allowed(spec)) +
                                  (node->is_string() ? hint : ""));
  }
  return values;
}

std::vector<std::string> names_of(const std::vector<ParamSpec>& specs, std::vector<std::string> more) {
  std::vector<std::string> names;
  for (const ParamSpec& spec : specs) names.push_back(spec.name);
  names.insert(names.end(), more.begin(), more.end());
  return names;
}

const core::PartSpec* find_part(core::PartKind kind, const Node* name, const Node& owner,
                                std::string_view path, Demand demand, ProblemList& problems) {
  const core::PartRegistry& registry = core::PartRegistry::instance();
  const std::vector<std::string> known = registry.names(kind);
  const std::string kinds = core::plural(kind);
  if (name == nullptr) {
    if (demand == Demand::kComplete) {
      problems.add(owner.place,
                   fmt::format("{} is missing; known {}: {}", path, kinds, fmt::join(known, ", ")));
    }
    return nullptr;
  }
  const core::PartSpec* part = name->is_string() ? registry.find(kind, name->string()) : nullptr;
  if (part == nullptr) {
    problems.add(name->place, fmt::format("{}: unknown {} {}; known {}: {}{}", path, core::to_string(kind),
                                          describe(*name), kinds, fmt::join(known, ", "),
                                          core::did_you_mean(name->string(), known)));
  }
  return part;
}

core::PartChoice read_part(core::PartKind kind, const Node& node, std::string_view path, Demand demand,
                           ProblemList& problems) {
  if (!node.is_table() && !node.is_string()) {
    problems.add(node.place, found_message(path, node,
                                           fmt::format("the name of a part ({}), or a table with name and "
                                                       "parameters",
                                                       core::to_string(kind))));
    return {};
  }
  Node alone{.key = node.key, .place = node.place, .key_place = node.key_place};
  const Node& table = node.is_table() ? node : alone;
  const Node* name = node.is_table() ? node.find("name") : &node;
  const core::PartSpec* part = find_part(kind, name, table, dotted(path, "name"), demand, problems);
  if (part == nullptr) return {};
  refuse_unknown_keys(table, fmt::format("the {} {}", core::to_string(kind), part->name),
                      names_of(part->params, {"name"}), problems);
  return {part->name, read_fields(table, path, part->params, demand, problems)};
}

}  // namespace segbench::study
