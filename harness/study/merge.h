// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string_view>

#include "harness/study/node.h"

namespace segbench::study {

/// The tables whose settings make a variant.
inline constexpr std::array<std::string_view, 3> kSections = {"data", "model", "training"};
bool is_section(std::string_view name);

/// The settings that are parts: a table with a name and the parameters of what is named.
inline constexpr std::array<std::string_view, 2> kPartPaths = {"training.loss", "training.optimizer"};
bool is_part_path(std::string_view path);

/// True when `path` is `prefix` or lies below it.
bool is_at_or_below(std::string_view path, std::string_view prefix);

/// Lays `layer` over `base`, both of which stand at the dotted `path`: tables merge deeply, arrays and
/// scalars replace. A part that has another name than the one below replaces it, since it has other
/// parameters; so does a table that is marked `whole`.
void merge(Node& base, const Node& layer, std::string_view path = "");

/// The node at a dotted path; nullptr when there is none.
const Node* find_path(const Node& root, std::string_view path);

/// Lays `value` over what stands at a dotted path; missing tables are made, and carry the value's places.
/// False when something on the way is no table.
bool set_path(Node& root, std::string_view path, const Node& value);

}  // namespace segbench::study
