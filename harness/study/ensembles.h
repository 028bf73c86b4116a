// SPDX-License-Identifier: MIT
#pragma once

#include "harness/study/document.h"
#include "harness/study/problems.h"
#include "harness/study/study.h"

namespace segbench::study {

/// Reads [[ensemble]] and appends a variant for each: the mean of the probabilities of its members' trials,
/// with every seed, or over so many seeds in a row. Its configuration is that of the member with the smallest
/// id, so that their order does not matter, with the ids of all. Members share data, evaluation and the kind
/// of head.
void add_ensembles(const Document& document, Study& study, ProblemList& problems);

}  // namespace segbench::study
