// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/core/field.h"
#include "harness/core/part.h"
#include "harness/study/study.h"

namespace segbench::study {

// The keys of an experiment file that are no settings of a variant (core/variant_fields.h has those).
// Reading, messages, docs/experiment-file.md and the resolved form all go over these tables.

/// Of the whole file; tables are described by their kind, in `help`.
const std::vector<core::ParamSpec>& file_settings();
/// [trials].
const std::vector<core::ParamSpec>& trials_settings();
/// [run].
const std::vector<core::Field<RunSettings>>& run_fields();
/// [[claim]] and [[published]], and the selectors of variants in them.
const std::vector<core::ParamSpec>& claim_settings();
const std::vector<core::ParamSpec>& claim_selectors();
const std::vector<core::ParamSpec>& published_settings();
const std::vector<core::ParamSpec>& published_selectors();

/// [search].
const std::vector<core::ParamSpec>& search_settings();

/// Those of [[ensemble]].
const std::vector<core::ParamSpec>& ensemble_settings();

}  // namespace segbench::study
