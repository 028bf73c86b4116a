// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/core/warning.h"

namespace segbench::core {

/// What a warning makes doubtful.
enum class Touches {
  kScores,  ///< it may change who is ahead
  kCosts,   ///< times and memory only
};

/// A kind of warning. In its texts {name} stands for a value that the place that raises it gives.
struct WarningKind {
  std::string_view key;  ///< Warning::code
  std::string_view
      source;  ///< who raises it: audit | plan | run | trial | machine | import | comparison | report
  Touches touches = Touches::kScores;
  std::string_view sentence;  ///< what is the case
  std::string_view remedy;    ///< what to do about it
};

/// The closed list of all warnings that a report repeats, by source.
std::span<const WarningKind> warning_kinds();
/// nullptr when there is no such kind, as in results of another version.
const WarningKind* find_warning(std::string_view key);

using WarningValues = std::vector<std::pair<std::string_view, std::string>>;

/// A warning of the list with its values. Throws core::InternalError when the key is not in the list, a value
/// is missing or one is not asked for.
Warning make_warning(std::string_view key, const WarningValues& values = {});

/// Whether a warning may change who is ahead. One that the list does not know is judged by its `source`: what
/// comes from the machine touches costs only.
bool touches_scores(const Warning& warning, std::string_view source);

}  // namespace segbench::core
