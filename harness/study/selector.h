// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/core/variant.h"
#include "harness/study/document.h"
#include "harness/study/problems.h"

namespace segbench::study {

/// What selectors choose from.
struct SelectorContext {
  SelectorContext(const Document& of, const std::vector<core::Variant>& among, ProblemList& list);

  const Document& document;
  const std::vector<core::Variant>& variants;
  ProblemList& problems;
  std::vector<core::Json> layouts;  ///< one a variant, as in a file
};

/// The one variant that the entry `name` of a table of the list `list` (claim, published) selects: a table of
/// dotted keys and values that it has, or its label. nullptr after reporting a selector that does not select
/// exactly one; and, without a report, when there are no variants to choose from or an override took the
/// variant away.
const core::Variant* select_variant(const Node& table, const std::string& list, const std::string& name,
                                    const SelectorContext& context);
/// The same of a selector at `path`, for messages.
const core::Variant* select_variant(const Node& selector, const std::string& path,
                                    const SelectorContext& context);

}  // namespace segbench::study
