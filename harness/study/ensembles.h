// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "harness/core/variant.h"
#include "harness/study/document.h"
#include "harness/study/problems.h"

namespace segbench::study {

/// Reads [[ensemble]] and appends a variant for each: with every seed, the mean of the probabilities of its
/// members' trials. Its configuration is that of the member with the smallest id, so that their order does
/// not matter, with the ids of all. Members share data, evaluation and the kind of head.
void add_ensembles(const Document& document, std::vector<core::Variant>& variants, ProblemList& problems);

}  // namespace segbench::study
