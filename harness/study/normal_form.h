// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "harness/study/node.h"
#include "harness/study/problems.h"

namespace segbench::study {

/// Brings the spellings that a file may use to one: a part given by its name alone, or
/// as a list, becomes a table (part_table()); the
/// tables that speak of settings by dotted keys ([matrix], [[matrix.exclude]], [search.space], [[variant]],
/// the selectors of
/// [[claim]] and
/// [[published]]) hold one entry a dotted key, whether it was written "model.size", model.size or
/// [matrix.model].
void normalise(Node& document, ProblemList& problems);

/// The same for the value of one setting at a dotted path. Files become absolute paths, see model_files.h.
void normalise_setting(Node& value, std::string_view path, ProblemList& problems);

}  // namespace segbench::study
