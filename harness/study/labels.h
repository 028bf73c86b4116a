// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/core/variant.h"

namespace segbench::study {

/// Fills in the axes and labels of resolved variants. `keys` are the dotted keys that the study varies, in
/// file order; an axis is one of them whose value is not the same everywhere. When these do not tell all
/// variants apart (a part named without its parameters replaces inherited ones), every setting that differs
/// is an axis.
///
/// A label is built from the axes' values: "small", "unet small", "sgd lr=0.001"; "unet full" where nothing
/// varies. `given[i]` wins where it is set. Labels that would not be unique are spelled out, and numbered by
/// id as a last resort.
void name_variants(std::vector<core::Variant>& variants, const std::vector<std::string>& keys,
                   const std::vector<std::optional<std::string>>& given);

}  // namespace segbench::study
