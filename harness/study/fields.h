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

/// Reads a part in any spelling of part_table(), with `beside` among its parameters. An empty name after
/// reporting what is wrong with its name, or that of a part among its parameters.
core::PartChoice read_part(core::PartKind kind, const Node& written, std::string_view path, Demand demand,
                           ProblemList& problems, const std::vector<core::ParamSpec>& beside = {});

/// "training.loss.terms[1]", or "training.loss[1]" where the list stands in the place of the part at `path`.
std::string item_path(std::string_view path, const Node& list, std::size_t index);

}  // namespace segbench::study
