// SPDX-License-Identifier: MIT
#pragma once

#include "harness/core/part.h"
#include "harness/study/node.h"

namespace segbench::study {

/// A part as a table with `name` and parameters, whichever way it is written: its name alone, a list (which
/// stands for the part of this kind that takes one, core::PartSpec::list_param), or that table. A value that
/// is none of these comes back as it is.
Node part_table(const Node& written, core::PartKind kind);

/// The value that stands for no part, where a part need not be given.
inline constexpr const char* kNoPart = "none";
bool is_no_part(const Node& written);

/// The list that the table of part_table() was written as; nullptr when it was not.
const Node* written_list(const Node& table);

}  // namespace segbench::study
