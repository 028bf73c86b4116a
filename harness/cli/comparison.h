// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "harness/cli/table.h"
#include "results/conclusions/conclusions.h"

// `segbench compare` is the leaderboard as a table: what ranks, which evaluation counts and what may be
// compared is decided in results/conclusions alone.

namespace segbench::cli {

/// The leaderboard with each variant's paired difference to the best one.
Table comparison_table(const conclusions::Conclusions& model);

/// What the intervals of that table are of, where the verdict goes by another one; "" where it does not.
std::string intervals_note(const conclusions::Conclusions& model);

/// The verdict with its remarks, and what became of each claim and published number, a sentence a line.
std::vector<std::string> verdict_lines(const conclusions::Conclusions& model);

/// --allow, of commands that judge claims.
void add_allow_option(CLI::App& command, std::vector<std::string>& allowed);

/// What weakens the comparison, as the report says it beside its verdict.
std::vector<std::string> comparison_warnings(const conclusions::Conclusions& model);

/// "not comparable: the variants are scored on 2 different sets of test images:" and the groups.
std::string not_comparable_text(const std::vector<std::string>& groups, const std::string& split);

}  // namespace segbench::cli
