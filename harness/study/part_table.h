// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "harness/core/part.h"
#include "harness/study/node.h"

namespace segbench::study {

/// A part as a table with `name` and parameters, whichever way it is written: its name alone, a list (which
/// stands for the part of this kind that takes one, core::PartSpec::list_param), or that table. A value that
/// is none of these comes back as it is.
Node part_table(const Node& written, core::PartKind kind);

/// Whether a value is the word that stands for none (core::ParamSpec::null_word), or a part of this name.
bool is_word(const Node& written, std::string_view word);

/// The list that the table of part_table() was written as; nullptr when it was not.
const Node* written_list(const Node& table);

}  // namespace segbench::study
