// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "harness/core/json.h"
#include "harness/core/variant.h"
#include "harness/study/document.h"
#include "harness/study/problems.h"

namespace segbench::study {

/// Reads [[claim]]. Each becomes
///
///     {"candidate", "reference": conditions or label as given, "candidate_id", "reference_id",
///     "candidate_label",
///      "reference_label", "metric": key | null, "not_worse_by", "better_by", "faster_by": number | null}
///
/// `variants` is empty when they could not be resolved: then only the claims' own keys are checked. A claim
/// whose variant an override took away is left out.
core::Json read_claims(const Document& document, const std::vector<core::Variant>& variants,
                       ProblemList& problems);

/// Reads [[published]]. Each becomes {"variant", "variant_id", "variant_label", ["explained_by": [{"variant",
/// "variant_id", "variant_label"}, …]], "metric", "value", ["convention"], ["best_of"], ["mean_of"],
/// "statistic", "source"}.
core::Json read_published(const Document& document, const std::vector<core::Variant>& variants,
                          ProblemList& problems);

}  // namespace segbench::study
