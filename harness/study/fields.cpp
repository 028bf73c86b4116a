// SPDX-License-Identifier: MIT
#include "harness/study/fields.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "harness/core/text.h"
#include "harness/study/data_section.h"
#include "harness/study/model_files.h"
#include "harness/study/part_table.h"

namespace segbench::study {
namespace {

using core::Json;
using core::ParamSpec;

std::string dotted(std::string_view path, std::string_view key) {
  return fmt::format("{}.{}", path, key);
}

bool is_finite(const Json& value) {
  if (value.is_number_float()) return std::isfinite(value.get<double>());
  return !value.is_array() || std::all_of(value.begin(), value.end(), is_finite);
}

/// One part or a list of them; null after reporting what is wrong.
Json read_parts(const ParamSpec& spec, const Node& node, std::string_view owner, Demand demand,
                ProblemList& problems) {
  const core::PartKind kind = *spec.part_of;
  if ((spec.types & core::kPartList) == 0) {
    const core::PartChoice part = read_part(kind, node, dotted(owner, spec.name), demand, problems);
    return part.name.empty() ? Json() : core::to_json(part);
  }
  const bool may_be_empty = spec.default_value && spec.default_value->is_array();
  if (!node.is_array() || (node.children.empty() && !may_be_empty)) {
    const std::string key = node.implied ? std::string(owner) : dotted(owner, spec.name);
    problems.add(node.place, found_message(key, node, core::describe_allowed(spec)));
    return spec.default_value.value_or(Json());
  }
  Json list = Json::array();
  bool complete = true;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const core::PartChoice part =
        read_part(kind, node.children[i], item_path(owner, node, i), demand, problems, spec.item_params);
    complete = complete && !part.name.empty();
    if (!part.name.empty()) list.push_back(core::to_json(part));
  }
  return complete ? list : Json();
}

/// A file in stored form, or a folder's path; the default after reporting what is wrong.
Json read_path(const ParamSpec& spec, const Node& node, const std::string& key, ProblemList& problems) {
  const bool is_file = (spec.types & core::kFile) != 0;
  if (!node.is_string() || (is_file && node.string().empty())) {
    problems.add(node.place, found_message(key, node, core::describe_allowed(spec)));
    return *spec.default_value;
  }
  if (!is_file) return resolve_path(node, key, problems);
  const auto file = read_file(node, key, problems);
  return file ? Json{{"path", file->path}, {"sha256", file->sha256}} : Json();
}

Json fallback(const ParamSpec& spec) {
  if (spec.default_value) return core::canonical_value(spec, *spec.default_value);
  if ((spec.types & core::kInteger) != 0) return static_cast<std::int64_t>(spec.minimum.value_or(1));
  if ((spec.types & core::kNumber) != 0) return spec.minimum.value_or(1);
  return nullptr;
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
      if ((spec.types & core::kPart) != 0) {
        find_part(*spec.part_of, nullptr, table, dotted(path, spec.name), demand, problems);
        continue;
      }
      problems.add(table.place, fmt::format("{} is missing; it must be {}", dotted(path, spec.name),
                                            core::describe_allowed(spec)));
      continue;
    }
    if (spec.null_word && is_word(*node, *spec.null_word)) {
      values[spec.name] = nullptr;
      continue;
    }
    if ((spec.types & (core::kFile | core::kFolder)) != 0) {
      values[spec.name] = read_path(spec, *node, dotted(path, spec.name), problems);
      continue;
    }
    if (spec.part_of) {
      values[spec.name] = read_parts(spec, *node, path, demand, problems);
      continue;
    }
    const Json value = to_json(*node);
    if (is_finite(value) && !value.is_null() && !core::check_param(spec, value)) {
      values[spec.name] = core::canonical_value(spec, value);
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

core::PartChoice read_part(core::PartKind kind, const Node& written, std::string_view path, Demand demand,
                           ProblemList& problems, const std::vector<ParamSpec>& beside) {
  const Node table = part_table(written, kind);
  if (!table.is_table()) {
    problems.add(table.place, found_message(path, table,
                                            fmt::format("the name of a part ({}), or a table with name and "
                                                        "parameters",
                                                        core::to_string(kind))));
    return {};
  }
  const core::PartSpec* part =
      find_part(kind, table.find("name"), table, dotted(path, "name"), demand, problems);
  if (part == nullptr) return {};
  std::vector<ParamSpec> params = part->params;
  params.insert(params.end(), beside.begin(), beside.end());
  refuse_unknown_keys(table, fmt::format("the {} {}", core::to_string(kind), part->name),
                      names_of(params, {"name"}), problems);
  Json values = read_fields(table, path, params, demand, problems);
  const auto is_broken = [&](const ParamSpec& param) {
    const bool may_be_null = param.default_value && param.default_value->is_null();
    return param.part_of && values[param.name].is_null() && !may_be_null;
  };
  if (std::any_of(params.begin(), params.end(), is_broken)) return {};
  // Parts that stand there by default have defaults of their own.
  return {part->name, core::with_defaults(*part, std::move(values))};
}

std::string item_path(std::string_view path, const Node& list, std::size_t index) {
  return fmt::format("{}[{}]", list.implied ? std::string(path) : dotted(path, list.key), index);
}

}  // namespace segbench::study
