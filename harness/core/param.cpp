// SPDX-License-Identifier: MIT
#include "harness/core/param.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "harness/core/part.h"
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
         ((types & kFolder) != 0 && value.is_string()) ||
         ((types & (kPart | kFile | kTable)) != 0 && value.is_object()) ||
         ((types & kPartList) != 0 && is_list_of(value, [](const Json& v) { return v.is_object(); }));
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

bool in_range(const ParamSpec& spec, double value) {
  if (spec.minimum && (spec.exclusive_minimum ? value <= *spec.minimum : value < *spec.minimum)) return false;
  return !(spec.maximum && (spec.exclusive_maximum ? value >= *spec.maximum : value > *spec.maximum));
}

bool value_allowed(const ParamSpec& spec, const Json& value) {
  if (value.is_array()) {
    return std::all_of(value.begin(), value.end(), [&](const Json& item) {
      return (item.is_string() && spec.free_items) || value_allowed(spec, item);
    });
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
  const bool needs_items =
      (spec.types & kPartList) != 0 && !(spec.default_value && spec.default_value->is_array());
  if (has_type(spec.types, value) && value_allowed(spec, value) && !(needs_items && value.empty()))
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
  const std::string one_of =
      choices.empty() || spec.free_items ? "" : fmt::format(" out of {}", fmt::join(choices, ", "));
  if ((spec.types & kBool) != 0) kinds.emplace_back("true or false");
  if ((spec.types & kNumber) != 0) {
    kinds.push_back("a number" + range);
  } else if ((spec.types & kInteger) != 0) {
    kinds.push_back("an integer" + range);
  }
  if ((spec.types & kString) != 0) {
    std::vector<std::string> words = choices;
    if (spec.null_word && !choices.empty()) words.insert(words.begin(), *spec.null_word);
    kinds.push_back(words.empty() ? "a string" : fmt::format("one of {}", fmt::join(words, ", ")));
  }
  if ((spec.types & kIntegerList) != 0) kinds.push_back("a list of integers" + range);
  if ((spec.types & kNumberList) != 0) kinds.push_back("a list of numbers" + range);
  if ((spec.types & kStringList) != 0) kinds.push_back("a list of strings" + one_of);
  if ((spec.types & kFile) != 0) kinds.emplace_back("the name of a file");
  if ((spec.types & kFolder) != 0) kinds.emplace_back("the name of a folder");
  if ((spec.types & kTable) != 0) kinds.emplace_back("a table");
  if ((spec.types & kTableList) != 0) kinds.emplace_back("a list of tables");
  if ((spec.types & kPart) != 0) kinds.push_back(with_article(*spec.part_of));
  if ((spec.types & kPartList) != 0) {
    const bool may_be_empty = spec.default_value && spec.default_value->is_array();
    kinds.push_back(may_be_empty ? fmt::format("a list of {}", plural(*spec.part_of))
                                 : fmt::format("a list of at least one {}", to_string(*spec.part_of)));
  }
  if (spec.null_word && choices.empty())
    kinds.push_back(spec.null_word->empty() ? "\"\" for none" : fmt::format("\"{}\"", *spec.null_word));
  return fmt::format("{}", fmt::join(kinds, ", or "));
}

}  // namespace segbench::core
