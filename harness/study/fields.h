// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/core/part.h"
#include "harness/core/variant.h"
#include "harness/study/node.h"
#include "harness/study/problems.h"

namespace segbench::study {

/// How much must be there: every required key of a variant, or only what the file happens to say.
enum class Demand { kComplete, kPresent };

/// Reads the settings of one table by their specifications: checks types and ranges, fills in defaults, turns
/// integers into numbers where the specification takes numbers, so that 1 and 1.0 make the same variant. A
/// value that is wrong is reported and its default taken (the minimum where there is none), so that the rest
/// can be looked at. `path` is the table's dotted path; keys without a specification are left to the caller.
core::Json read_fields(const Node& table, std::string_view path, const std::vector<core::ParamSpec>& specs,
                       Demand demand, ProblemList& problems);

/// The names of specifications, followed by more keys: for refuse_unknown_keys.
std::vector<std::string> names_of(const std::vector<core::ParamSpec>& specs,
                                  std::vector<std::string> more = {});

/// The part that `name` (a string, standing in the table `owner`) names; nullptr after reporting what is
/// wrong.
const core::PartSpec* find_part(core::PartKind kind, const Node* name, const Node& owner,
                                std::string_view path, Demand demand, ProblemList& problems);

/// Reads a part: its name alone, or a table with `name` and parameters. An empty name after reporting what is
/// wrong.
core::PartChoice read_part(core::PartKind kind, const Node& node, std::string_view path, Demand demand,
                           ProblemList& problems);

}  // namespace segbench::study
