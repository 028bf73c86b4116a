// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string>
#include <vector>

#include "harness/core/part.h"

// What is told of parts and settings, in the documentation and by `segbench parts`.

namespace segbench::study {

/// A kind's folder below docs/parts and its name on the command line: "data_sets", "losses", …
std::string folder_of(core::PartKind kind);

/// A parameter as a row of a table: name, default ("required", "–" where it is not set), what is allowed,
/// meaning.
using ParamRow = std::array<std::string, 4>;
inline constexpr std::array<const char*, 4> kParamColumns = {"parameter", "default", "allowed", "meaning"};
ParamRow param_row(const core::ParamSpec& param);
/// Of all parameters of a part, those of the items of its lists too.
std::vector<ParamRow> param_rows(const core::PartSpec& part);

/// The page of a part, in Markdown: docs/parts/KIND/NAME.md.
std::string part_page(const core::PartSpec& part);

}  // namespace segbench::study
