// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "harness/run/search.h"

namespace segbench::cli {

/// What a study searches and how its budget is spent, one sentence each; none where it does not search.
std::vector<std::string> search_plan_lines(const study::Study& study);

/// How far the search of a study (trial::read_study()) is, and what it has chosen, by its record; none where
/// it does not search.
std::vector<std::string> search_lines(const core::Json& study);

/// Looks at a search once more when its trials have ended. Returns the ids of those that it leaves as they
/// are; none where the study does not search.
std::set<std::string> end_search(const study::Study& study, const run::StudyPlan& plan);

/// Throws core::UserError where not all draws are to be run, but the search decides while it runs.
void check_search_selection(const study::Study& study, bool is_selection);

}  // namespace segbench::cli
