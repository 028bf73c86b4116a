// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/core/json.h"

namespace segbench::core {

/// Something that weakens a result without making it wrong. It is told where it arises (console, event log)
/// and stands again in the report, beside the verdict that it touches.
struct Warning {
  std::string code;     ///< stable, lower case with underscores: "stale_batch_norm"
  std::string message;  ///< what is the case: one or two sentences with the numbers
  std::string remedy;   ///< what to do about it; "" when nothing can be done

  bool operator==(const Warning&) const = default;
};

inline void to_json(Json& json, const Warning& warning) {
  json = Json{{"code", warning.code}, {"message", warning.message}, {"remedy", warning.remedy}};
}

/// Never throws: what is missing or no text is "". (Warnings are read from logs that anyone may have edited.)
inline void from_json(const Json& json, Warning& warning) {
  const auto text = [&](const char* key) {
    const auto found = json.is_object() ? json.find(key) : json.end();
    return json.is_object() && found != json.end() && found->is_string() ? found->get<std::string>() : "";
  };
  warning = {.code = text("code"), .message = text("message"), .remedy = text("remedy")};
}

/// A list of warnings; entries that are no objects or have no message are left out.
inline std::vector<Warning> warnings_from(const Json& list) {
  std::vector<Warning> warnings;
  if (!list.is_array()) return warnings;
  for (const Json& entry : list) {
    Warning warning = entry.get<Warning>();
    if (!warning.message.empty()) warnings.push_back(std::move(warning));
  }
  return warnings;
}

/// What parts a message from what to do about it: both are sentences, or parts of one.
inline std::string_view separator(const Warning& warning) {
  return warning.message.ends_with('.') ? " " : "; ";
}

/// The message and what to do about it, as one text.
inline std::string to_text(const Warning& warning) {
  if (warning.remedy.empty()) return warning.message;
  return warning.message + std::string(separator(warning)) + warning.remedy;
}

}  // namespace segbench::core
