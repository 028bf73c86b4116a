// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>

namespace segbench::core {

/// Objects keep their keys sorted, so `dump()` of equal values is equal text: the canonical form that ids
/// hash.
using Json = nlohmann::json;

}  // namespace segbench::core
