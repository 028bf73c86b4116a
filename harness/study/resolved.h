// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/core/json.h"
#include "harness/study/study.h"

namespace segbench::study {

/// The study with everything filled in:
///
///     {"schema": 1, "name", "question", "seeds": […], "run": {…}, "claims": […], "published": […],
///      "variants": [{"id", "label", "axes", "config"}, …]}
core::Json resolved_json(const Study& study);

/// The same as an experiment file that needs no other file and no defaults: what all variants share stands in
/// its tables, the rest under one [[variant]] each. load_study reads it back to variants with the same ids
/// and labels, the same seeds, claims and published numbers.
std::string resolved_toml(const Study& study);

/// The content of study.json (harness/core/study_file.h): `trials` holds the id of every planned trial,
/// `audit` the audit's summary, `command` the command line.
core::Json study_json(const Study& study, const std::vector<std::string>& trials, const core::Json& audit,
                      const std::string& command);

}  // namespace segbench::study
