// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace segbench::text {

/// Title of a measure (core/measures.h); the key itself if unknown.
std::string metric_title(std::string_view key);
/// False for the loss, times and sizes.
bool higher_is_better(std::string_view metric_key);
/// A value of a measure in its unit: scores with `digits` decimals, seconds as a duration, bytes in MiB.
std::string metric_value(std::string_view metric_key, double value, int digits);

}  // namespace segbench::text
