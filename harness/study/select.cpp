// SPDX-License-Identifier: MIT
#include "harness/study/select.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/text.h"

namespace segbench::study {

using core::Json;

bool meets(const Json& value, const Json& condition) {
  if (value.is_object() && condition.is_string()) return value.contains("name") && value["name"] == condition;
  if (value.is_object() && condition.is_object()) {
    return std::all_of(condition.items().begin(), condition.items().end(), [&](const auto& entry) {
      return value.contains(entry.key()) && meets(value[entry.key()], entry.value());
    });
  }
  if (value.is_array() && condition.is_array()) {
    return std::equal(value.begin(), value.end(), condition.begin(), condition.end(), meets);
  }
  return value == condition;
}

const Json* value_at(const Json& settings, std::string_view path) {
  const Json* value = &settings;
  for (const std::string& step : core::split(path, '.')) {
    if (!value->is_object()) return nullptr;
    const auto found = value->find(step);
    if (found == value->end()) return nullptr;
    value = &*found;
  }
  return value;
}

bool meets_all(const Json& settings, const Json& conditions) {
  return std::all_of(conditions.items().begin(), conditions.items().end(), [&](const auto& condition) {
    const Json* value = value_at(settings, condition.key());
    return value != nullptr && meets(*value, condition.value());
  });
}

std::vector<std::string> dotted_keys(const Json& settings) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : settings.items()) {
    if (!value.is_object()) {
      keys.push_back(key);
      continue;
    }
    for (const std::string& below : dotted_keys(value)) keys.push_back(fmt::format("{}.{}", key, below));
  }
  return keys;
}

}  // namespace segbench::study
