// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "harness/core/variant.h"
#include "harness/study/expand.h"

namespace segbench::study {

/// Fills in the axes and labels of resolved variants, one a draft. Of the keys that drafts set, in file
/// order, those are axes whose value is not the same everywhere. When these do not tell all variants apart (a
/// part that replaces the inherited one changes parameters that nobody names), every setting that differs is
/// an axis.
///
/// A label is the draft's own, or built from the axes that it sets: "small", "unet small", "sgd lr=0.001";
/// "unet full" where nothing varies. Labels that would not be unique tell all axes, then with their whole
/// keys, then the id.
void name_variants(std::vector<core::Variant>& variants, const std::vector<Draft>& drafts);

}  // namespace segbench::study
