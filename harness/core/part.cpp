// SPDX-License-Identifier: MIT
#include "harness/core/part.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "harness/core/error.h"
#include "harness/core/text.h"

namespace segbench::core {
namespace {

bool is_number(const Json& value) {
  return value.is_number() && (!value.is_number_float() || std::isfinite(value.get<double>()));
}

template <typename Predicate>
bool is_list_of(const Json& value, Predicate predicate) {
  return value.is_array() && std::all_of(value.begin(), value.end(), predicate);
}

bool has_type(std::uint32_t types, const Json& value) {
  const auto integer = [](const Json& v) { return v.is_number_integer(); };
  const auto string = [](const Json& v) { return v.is_string(); };
  return ((types & kBool) != 0 && value.is_boolean()) || ((types & kInteger) != 0 && integer(value)) ||
         ((types & kNumber) != 0 && is_number(value)) || ((types & kString) != 0 && string(value)) ||
         ((types & kIntegerList) != 0 && is_list_of(value, integer)) ||
         ((types & kNumberList) != 0 && is_list_of(value, is_number)) ||
         ((types & kStringList) != 0 && is_list_of(value, string)) ||
         ((types & kPart) != 0 && value.is_object()) ||
         ((types & kPartList) != 0 && !value.empty() &&
          is_list_of(value, [](const Json& v) { return v.is_object(); }));
}

/// What is wrong with a part as a value, as "KEY must be …" or "unknown …"; `beside` may stand in it too.
std::optional<std::string> check_part(PartKind kind, const Json& part, const std::vector<ParamSpec>& beside) {
  const Json name = part.value("name", Json());
  if (!name.is_string()) return fmt::format("the name of {} is missing", with_article(kind));
  const PartRegistry& registry = PartRegistry::instance();
  const PartSpec* spec = registry.find(kind, name.get<std::string>());
  const std::vector<std::string> known = registry.names(kind);
  if (spec == nullptr) {
    return fmt::format("unknown {} {}; known {}: {}{}", to_string(kind), name.dump(), plural(kind),
                       fmt::join(known, ", "), did_you_mean(name.get<std::string>(), known));
  }
  std::vector<ParamSpec> params = spec->params;
  params.insert(params.end(), beside.begin(), beside.end());
  for (const auto& [key, value] : part.items()) {
    if (key == "name") continue;
    const auto param =
        std::find_if(params.begin(), params.end(), [&](const auto& p) { return p.name == key; });
    if (param == params.end()) return fmt::format("{} has no parameter \"{}\"", spec->name, key);
    if (const auto problem = check_param(*param, value))
      return fmt::format("{} of {} {}", key, spec->name, *problem);
  }
  return std::nullopt;
}

std::optional<std::string> check_parts(const ParamSpec& spec, const Json& value) {
  if (value.is_object()) return check_part(*spec.part_of, value, {});
  for (const Json& item : value) {
    if (auto problem = check_part(*spec.part_of, item, spec.item_params)) return problem;
  }
  return std::nullopt;
}

void fill_in(const std::string& owner, const std::vector<ParamSpec>& specs, Json& params) {
  for (const ParamSpec& param : specs) {
    if (params.contains(param.name)) continue;
    if (!param.default_value) throw UserError(fmt::format("{} needs the parameter {}", owner, param.name));
    params[param.name] = canonical_value(param, *param.default_value);
  }
}

bool in_range(const ParamSpec& spec, double value) {
  if (spec.minimum && (spec.exclusive_minimum ? value <= *spec.minimum : value < *spec.minimum)) return false;
  return !(spec.maximum && (spec.exclusive_maximum ? value >= *spec.maximum : value > *spec.maximum));
}

bool value_allowed(const ParamSpec& spec, const Json& value) {
  if (value.is_array()) {
    return std::all_of(value.begin(), value.end(),
                       [&](const Json& item) { return value_allowed(spec, item); });
  }
  if (value.is_number()) return in_range(spec, value.get<double>());
  if (!value.is_string() || (spec.choices.empty() && !spec.choices_of)) return true;
  const std::vector<std::string> choices = choices_for(spec);
  return std::find(choices.begin(), choices.end(), value.get<std::string>()) != choices.end();
}

/// " from 1 to 9", " of at least 1", " greater than 0 and at most 1", …; empty where any number will do.
std::string describe_range(const ParamSpec& spec) {
  const auto one_side = [](bool exclusive, const char* strict, const char* other, double bound) {
    return fmt::format("{} {}", exclusive ? strict : other, bound);
  };
  if (spec.minimum && spec.maximum && *spec.minimum == *spec.maximum)
    return fmt::format(" equal to {}", *spec.minimum);
  if (spec.minimum && spec.maximum && !spec.exclusive_minimum && !spec.exclusive_maximum)
    return fmt::format(" from {} to {}", *spec.minimum, *spec.maximum);
  std::string range;
  if (spec.minimum)
    range += " " + one_side(spec.exclusive_minimum, "greater than", "of at least", *spec.minimum);
  if (spec.minimum && spec.maximum) range += " and";
  if (spec.maximum) range += " " + one_side(spec.exclusive_maximum, "less than", "at most", *spec.maximum);
  return range;
}

}  // namespace

std::string_view to_string(PartKind kind) {
  switch (kind) {
    case PartKind::kArchitecture:
      return "architecture";
    case PartKind::kEncoder:
      return "encoder";
    case PartKind::kLoss:
      return "loss";
    case PartKind::kOptimizer:
      return "optimizer";
    case PartKind::kSchedule:
      return "schedule";
    case PartKind::kAugmentation:
      return "augmentation";
    case PartKind::kDataSet:
      return "data set";
  }
  throw InternalError("an unknown kind of part");
}

std::string plural(PartKind kind) {
  return fmt::format("{}{}", to_string(kind), kind == PartKind::kLoss ? "es" : "s");
}

std::string with_article(PartKind kind) {
  const std::string_view name = to_string(kind);
  return fmt::format(
      "{} {}", std::string_view("aeio").find(name.front()) == std::string_view::npos ? "a" : "an", name);
}

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

Json canonical_value(const ParamSpec& spec, Json value) {
  const bool number_list = (spec.types & kNumberList) != 0 && (spec.types & kIntegerList) == 0;
  if (value.is_number() && (spec.types & kNumber) != 0) return value.get<double>() + 0.0;
  if (value.is_array() && number_list) {
    for (Json& item : value) item = item.get<double>() + 0.0;
  }
  return value;
}

std::optional<std::string> check_param(const ParamSpec& spec, const Json& value) {
  if (value.is_null() && spec.default_value && spec.default_value->is_null()) return std::nullopt;
  if (has_type(spec.types, value) && value_allowed(spec, value))
    return spec.part_of ? check_parts(spec, value) : std::nullopt;
  std::string hint;
  if (value.is_string()) hint = did_you_mean(value.get<std::string>(), choices_for(spec));
  return fmt::format("must be {}, but is {}{}", describe_allowed(spec), value.dump(), hint);
}

std::vector<std::string> choices_for(const ParamSpec& spec) {
  return spec.choices_of ? PartRegistry::instance().names(*spec.choices_of) : spec.choices;
}

std::string describe_allowed(const ParamSpec& spec) {
  std::vector<std::string> kinds;
  const std::vector<std::string> choices = choices_for(spec);
  const std::string range = describe_range(spec);
  const std::string one_of = choices.empty() ? "" : fmt::format(" out of {}", fmt::join(choices, ", "));
  if ((spec.types & kBool) != 0) kinds.emplace_back("true or false");
  if ((spec.types & kNumber) != 0) {
    kinds.push_back("a number" + range);
  } else if ((spec.types & kInteger) != 0) {
    kinds.push_back("an integer" + range);
  }
  if ((spec.types & kString) != 0) {
    kinds.push_back(choices.empty() ? "a string" : fmt::format("one of {}", fmt::join(choices, ", ")));
  }
  if ((spec.types & kIntegerList) != 0) kinds.push_back("a list of integers" + range);
  if ((spec.types & kNumberList) != 0) kinds.push_back("a list of numbers" + range);
  if ((spec.types & kStringList) != 0) kinds.push_back("a list of strings" + one_of);
  if ((spec.types & kPart) != 0) kinds.push_back(with_article(*spec.part_of));
  if ((spec.types & kPartList) != 0)
    kinds.push_back(fmt::format("a list of at least one {}", to_string(*spec.part_of)));
  return fmt::format("{}", fmt::join(kinds, ", or "));
}

}  // namespace segbench::core
