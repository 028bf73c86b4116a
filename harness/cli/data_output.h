// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "harness/cli/table.h"
#include "harness/data/data_set.h"

namespace segbench::cli {

/// Progress of a long read as one line on stderr that writes over itself, with `label`; nothing when stderr
/// is no terminal.
data::Progress terminal_progress(const std::string& label);

/// The audit as a table: images and pixels of every class, by split, in percent of the split's pixels that
/// are not void; the last row is void, in percent of all.
Table class_table(const data::AuditReport& report);

/// The findings as lines: "refused: file: message", then "warning: …"; of each kind the first ten.
std::string finding_lines(const data::AuditReport& report);

}  // namespace segbench::cli
