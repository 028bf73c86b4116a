// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "harness/study/node.h"
#include "harness/study/problems.h"

// What every experiment file begins with.

namespace segbench::study {

/// Reports any schema but 1.
void check_schema(const Node& root, ProblemList& problems);
/// What the name of a study must be, where this one is not; "" where it may be one.
std::string name_problem(std::string_view name);
/// The name, which becomes a folder beside the store and the caches; "" after reporting what is wrong.
std::string read_name(const Node& root, ProblemList& problems);
std::string read_question(const Node& root, ProblemList& problems);

}  // namespace segbench::study
