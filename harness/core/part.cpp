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
         ((types & kStringList) != 0 && is_list_of(value, string));
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

PartRegistration::PartRegistration(PartSpec spec) {
  PartRegistry::instance().add(std::move(spec));
}

Json with_defaults(const PartSpec& spec, Json params) {
  for (const ParamSpec& param : spec.params) {
    if (params.contains(param.name)) continue;
    if (!param.default_value) {
      throw UserError(
          fmt::format("the {} {} needs the parameter {}", to_string(spec.kind), spec.name, param.name));
    }
    params[param.name] = *param.default_value;
  }
  return params;
}

void settle_params(const PartSpec& spec, const Json& variant, Json& params) {
  for (const ParamSpec& param : spec.params) {
    const auto found = params.find(param.name);
    if (param.when_null && found != params.end() && found->is_null())
      *found = param.when_null(params, variant);
  }
}

std::optional<std::string> check_param(const ParamSpec& spec, const Json& value) {
  if (value.is_null() && spec.default_value && spec.default_value->is_null()) return std::nullopt;
  if (has_type(spec.types, value) && value_allowed(spec, value)) return std::nullopt;
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
  return fmt::format("{}", fmt::join(kinds, ", or "));
}

}  // namespace segbench::core
