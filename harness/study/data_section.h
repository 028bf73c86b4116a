// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "harness/core/variant.h"
#include "harness/study/fields.h"
#include "harness/study/node.h"
#include "harness/study/problems.h"

namespace segbench::study {

/// Reads [data]: the common settings and the parameters of the kind of data. Empty when the kind is not
/// known.
std::optional<core::DataConfig> read_data(const Node& data, Demand demand, ProblemList& problems);

/// The folder that `root` names: `${NAME}` and `${NAME:-default}` are replaced by environment variables
/// (`$${` stands for
/// `${`), and a relative path is relative to the file it stands in, or, given by --set, to the working
/// directory. Reports a variable that is not set and has no default.
std::string resolve_root(const Node& root, ProblemList& problems);

/// A path as resolve_root reads it back: every "${" escaped.
std::string escape_root(const std::string& root);

}  // namespace segbench::study
