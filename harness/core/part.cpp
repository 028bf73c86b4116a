// SPDX-License-Identifier: MIT
#include "harness/core/part.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/core/error.h"
#include "harness/core/text.h"

namespace segbench::core {
namespace {

void fill_in(const std::string& owner, const std::vector<ParamSpec>& specs, Json& params) {
  for (const ParamSpec& param : specs) {
    if (params.contains(param.name)) continue;
    if (!param.default_value) throw UserError(fmt::format("{} needs the parameter {}", owner, param.name));
    params[param.name] = canonical_value(param, *param.default_value);
  }
}

}  // namespace

PartRegistry& PartRegistry::instance() {
  static PartRegistry registry;
  return registry;
}

void PartRegistry::add(PartSpec spec) {
  SEGBENCH_CHECK(find(spec.kind, spec.name) == nullptr, "the {} {} is registered twice", to_string(spec.kind),
                 spec.name);
  parts_.push_back(std::move(spec));
}

const PartSpec* PartRegistry::find(PartKind kind, std::string_view name) const {
  const auto found = std::find_if(parts_.begin(), parts_.end(), [&](const PartSpec& part) {
    return part.kind == kind && part.name == name;
  });
  return found == parts_.end() ? nullptr : &*found;
}

const PartSpec& PartRegistry::get(PartKind kind, std::string_view name) const {
  if (const PartSpec* part = find(kind, name)) return *part;
  const std::vector<std::string> known = names(kind);
  throw UserError(fmt::format("unknown {} \"{}\"; known {}: {}{}", to_string(kind), name, plural(kind),
                              fmt::join(known, ", "), did_you_mean(name, known)));
}

std::vector<const PartSpec*> PartRegistry::all(PartKind kind) const {
  std::vector<const PartSpec*> found;
  for (const PartSpec& part : parts_) {
    if (part.kind == kind) found.push_back(&part);
  }
  std::sort(found.begin(), found.end(), [](auto* a, auto* b) { return a->name < b->name; });
  return found;
}

std::vector<std::string> PartRegistry::names(PartKind kind) const {
  std::vector<std::string> names;
  for (const PartSpec* part : all(kind)) names.push_back(part->name);
  return names;
}

const PartSpec* PartRegistry::list_part(PartKind kind) const {
  const auto found = std::find_if(parts_.begin(), parts_.end(), [&](const PartSpec& part) {
    return part.kind == kind && !part.list_param.empty();
  });
  return found == parts_.end() ? nullptr : &*found;
}

PartRegistration::PartRegistration(PartSpec spec) {
  PartRegistry::instance().add(std::move(spec));
}

Json with_defaults(const PartSpec& spec, Json params) {
  fill_in(fmt::format("the {} {}", to_string(spec.kind), spec.name), spec.params, params);
  visit_parts(spec, params, [](const ParamSpec& param, const std::string& key, Json& part) {
    const PartSpec& inner = PartRegistry::instance().get(*param.part_of, part.at("name").get<std::string>());
    part = with_defaults(inner, std::move(part));
    if (key.ends_with(']')) fill_in(key, param.item_params, part);
  });
  return params;
}

void visit_parts(const PartSpec& spec, Json& params,
                 const std::function<void(const ParamSpec&, const std::string&, Json&)>& visit) {
  for (const ParamSpec& param : spec.params) {
    const auto value = params.find(param.name);
    if (!param.part_of || value == params.end()) continue;
    if (value->is_object()) visit(param, param.name, *value);
    if (!value->is_array()) continue;
    for (std::size_t i = 0; i < value->size(); ++i)
      visit(param, fmt::format("{}[{}]", param.name, i), (*value)[i]);
  }
}

Json traits_of(const PartSpec& spec, const Json& params) {
  Json traits = spec.traits;
  if (spec.param_traits) traits.update(spec.param_traits(with_defaults(spec, params)));
  return traits;
}

std::vector<ParamSpec> listed_params(const PartSpec& spec) {
  std::vector<ParamSpec> listed;
  for (const ParamSpec& param : spec.params) {
    listed.push_back(param);
    for (ParamSpec item : param.item_params) {
      item.name = fmt::format("{}[].{}", param.name, item.name);
      listed.push_back(std::move(item));
    }
  }
  return listed;
}

void settle_params(const PartSpec& spec, const Json& variant, Json& params) {
  visit_parts(spec, params, [&](const ParamSpec& param, const std::string&, Json& part) {
    settle_params(PartRegistry::instance().get(*param.part_of, part.at("name").get<std::string>()), variant,
                  part);
  });
  for (const ParamSpec& param : spec.params) {
    const auto found = params.find(param.name);
    if (param.when_null && found != params.end() && found->is_null())
      *found = param.when_null(params, variant);
  }
}

}  // namespace segbench::core
