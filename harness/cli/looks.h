// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/cli/command.h"
#include "harness/core/json.h"
#include "harness/study/study.h"

// `[trials] until = "decided"` on the command line.

namespace segbench::cli {

/// Judges a study to which seeds are added as far as its trials have ended, and writes down what was decided
/// (core/looks.h) and tells it. The study has been prepared, and its lock is held. Returns whether anything
/// was decided.
bool take_looks(const study::Study& study, const Context& context);

/// The number of its first seeds that each variant (by id) is wanted with so far.
using WantedSeeds = std::map<std::string, std::size_t>;
WantedSeeds wanted_so_far(const study::Study& study, const Context& context);
bool is_wanted(const WantedSeeds& wanted, const study::Study& study, const std::string& variant,
               std::uint64_t seed);

/// What was decided of a study (study.json with its looks), a line each; empty without such a rule.
std::vector<std::string> looks_lines(const core::Json& study);

}  // namespace segbench::cli
