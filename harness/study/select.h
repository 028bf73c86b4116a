// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/core/json.h"

namespace segbench::study {

/// True when a setting has the value that a condition names. A table is met when all of its keys are; the
/// name of a part stands for any table with this name; numbers are compared as numbers.
bool meets(const core::Json& value, const core::Json& condition);

/// The value at a dotted path of settings laid out as in a file (see file_layout); nullptr when there is
/// none.
const core::Json* value_at(const core::Json& settings, std::string_view path);

/// True when the settings meet every condition (dotted keys to values).
bool meets_all(const core::Json& settings, const core::Json& conditions);

/// Every dotted key of settings laid out as in a file, tables left out.
std::vector<std::string> dotted_keys(const core::Json& settings);

}  // namespace segbench::study
