// SPDX-License-Identifier: MIT
#include "harness/trial/event_fields.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace segbench::trial {
namespace {

using core::Json;

/// A value as a short text: hostile logs may hold megabytes.
std::string shown(const Json& value) {
  std::string text = value.dump(-1, ' ', true, Json::error_handler_t::replace);
  if (text.size() > 40) text = text.substr(0, 40) + "…";
  return text;
}

[[noreturn]] void refuse(const std::string& what, const Json& value, const std::string& wanted) {
  throw BadValue(fmt::format("{} is {}, but must be {}", what, shown(value), wanted));
}

}  // namespace

std::int64_t checked_integer(const Json& value, const std::string& what, std::int64_t minimum,
                             std::int64_t maximum) {
  const bool too_large =
      value.is_number_unsigned() &&
      value.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (!value.is_number_integer() || too_large || value.get<std::int64_t>() < minimum ||
      value.get<std::int64_t>() > maximum) {
    refuse(what, value, fmt::format("an integer from {} to {}", minimum, maximum));
  }
  return value.get<std::int64_t>();
}

bool EventFields::has(const std::string& key) const {
  return object_.contains(key) && !object_.at(key).is_null();
}

const Json& EventFields::at(const std::string& key) const {
  const auto found = object_.find(key);
  if (found == object_.end()) throw BadValue(fmt::format("the key \"{}\" is missing", key));
  return *found;
}

std::int64_t EventFields::integer(const std::string& key, std::int64_t minimum, std::int64_t maximum) const {
  return checked_integer(at(key), key, minimum, maximum);
}

double EventFields::number(const std::string& key) const {
  const Json& value = at(key);
  if (!value.is_number() || !std::isfinite(value.get<double>())) refuse(key, value, "a finite number");
  return value.get<double>();
}

std::string EventFields::text(const std::string& key) const {
  const Json& value = at(key);
  if (!value.is_string()) refuse(key, value, "a string");
  return value.get<std::string>();
}

std::string EventFields::choice(const std::string& key, const std::vector<std::string>& allowed) const {
  std::string value = text(key);
  if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
    refuse(key, at(key), fmt::format("one of: {}", fmt::join(allowed, ", ")));
  }
  return value;
}

const Json& EventFields::array(const std::string& key) const {
  const Json& value = at(key);
  if (!value.is_array()) refuse(key, value, "an array");
  return value;
}

std::optional<std::int64_t> EventFields::optional_integer(const std::string& key,
                                                          std::int64_t minimum) const {
  return has(key) ? std::optional(integer(key, minimum)) : std::nullopt;
}
std::optional<double> EventFields::optional_number(const std::string& key) const {
  return has(key) ? std::optional(number(key)) : std::nullopt;
}
std::optional<std::string> EventFields::optional_text(const std::string& key) const {
  return has(key) ? std::optional(text(key)) : std::nullopt;
}

EventFields EventFields::object(const std::string& key) const {
  static const Json kEmpty = Json::object();
  if (!has(key)) return EventFields(kEmpty);
  const Json& value = at(key);
  if (!value.is_object()) refuse(key, value, "an object");
  return EventFields(value);
}

}  // namespace segbench::trial
