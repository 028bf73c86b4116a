// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace segbench::core {

/// " (did you mean \"unet\"?)" for the candidate nearest to `word`, or "" when none is near: at most a third
/// of the letters differ (Damerau-Levenshtein distance: insert, delete, replace, swap neighbours), or it is
/// the only one that begins with the word, of three letters at least.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

/// "1.4 GiB".
std::string human_bytes(std::uint64_t bytes);
/// "31.0 M" (powers of 1000).
std::string human_count(double count);
/// "2 min 5 s", "3 h 12 min", "0.4 s".
std::string human_duration(std::chrono::duration<double> duration);
/// "2026-11-21T08:15:30.123Z".
std::string utc_timestamp(std::chrono::system_clock::time_point time = std::chrono::system_clock::now());
/// Splits at every `separator`; "" gives one empty item.
std::vector<std::string> split(std::string_view text, char separator);
std::string_view trim(std::string_view text);

}  // namespace segbench::core
