// SPDX-License-Identifier: MIT
#pragma once

#include "harness/study/node.h"
#include "harness/study/problems.h"

namespace segbench::study {

/// [data] with what its key `class_table` names in the place of that key: a file (CSV or TOML) that lists the
/// classes becomes classes, mask_values, class_colours, void_values and void_colours, as if they were written
/// there, so that the table's place is no part of a variant. A table in CSV has a header; columns:
///
///     name | class | label           the class; a row that is void may leave it empty
///     value | id | index             what masks store; optional
///     r, g, b | red, green, blue     its colour in masks and reports; optional
///     colour | color                 the same as "#rrggbb"
///     void | ignore                  1, true or yes where its pixels are not to be scored
///
/// In TOML it is a list of tables, [[class]], with the keys name, value, colour, void.
Node with_class_table(const Node& data, ProblemList& problems);

}  // namespace segbench::study
