// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "harness/core/json.h"

namespace segbench::core {

/// The value, or null where there is none.
template <typename Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json();
}

}  // namespace segbench::core
