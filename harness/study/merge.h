// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "harness/core/part.h"
#include "harness/study/node.h"

namespace segbench::study {

/// The tables whose settings make a variant.
inline constexpr std::array<std::string_view, 4> kSections = {"data", "model", "training", "evaluation"};
bool is_section(std::string_view name);

/// The kind of the part that the setting at a dotted path is (core/variant_fields.h); empty where it is none.
std::optional<core::PartKind> part_kind_at(std::string_view path);

/// True when `path` is `prefix` or lies below it.
bool is_at_or_below(std::string_view path, std::string_view prefix);

/// Lays `layer` over `base`, both of which stand at the dotted `path`: tables merge deeply, arrays and
/// scalars replace. A part that has another name than the one below, itself or as a parameter of one,
/// replaces it, since it has other parameters; so does a table that is marked `whole`.
void merge(Node& base, const Node& layer, std::string_view path = "");

/// The node at a dotted path, in which "terms[1]" is the second item of a list; where the list stands in the
/// place of a part, the part's own path counts as the list's. nullptr when there is none.
const Node* find_path(const Node& root, std::string_view path);

/// Lays `value` over what stands at a dotted path; missing tables are made, and carry the value's places.
/// False when something on the way is no table.
bool set_path(Node& root, std::string_view path, const Node& value);

}  // namespace segbench::study
