// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "harness/core/json.h"

namespace segbench::core {

/// The architecture of a variant that was not trained here: its predictions were imported. Its parameters say
/// {"label", "from"}: what it is called, and where the predictions come from.
inline constexpr const char* kImportedArchitecture = "imported";

/// Where the predictions of a variant in stored form come from; "" of one that was trained here.
inline std::string imported_from(const Json& variant) {
  const auto model = variant.is_object() ? variant.find("model") : variant.end();
  if (!variant.is_object() || model == variant.end() || !model->is_object()) return "";
  if (model->value("architecture", "") != kImportedArchitecture) return "";
  return model->value("params", Json::object()).value("from", "elsewhere");
}

}  // namespace segbench::core
