// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "harness/core/variant.h"
#include "harness/study/fields.h"
#include "harness/study/node.h"
#include "harness/study/problems.h"

namespace segbench::study {

/// Resolves the settings of one variant: the tables data, model and training of `settings`. With
/// Demand::kComplete the parts then look for contradictions (PartSpec::check), provided that [data], [model]
/// and the part's own settings are sound. Empty when a part is not known or a section is missing; every
/// problem is in `problems`.
std::optional<core::VariantConfig> resolve(const Node& settings, Demand demand, ProblemList& problems);

/// A resolved configuration laid out as in an experiment file: the parameters of the kind of data and of the
/// architecture stand beside the other keys of their table, files are their paths, and settings of a model
/// that are not set have the value that says so. Dotted keys of selectors and axes are paths in it.
core::Json file_layout(const core::VariantConfig& config);

/// The same as it would be written: paths are escaped, and settings that say nothing are left out.
core::Json written_layout(const core::VariantConfig& config);

/// Sets the fields of one table (core/variant_fields.h) to values in stored form; those without a value stay.
void set_fields(std::string_view table, const core::Json& values, core::VariantConfig& config);

}  // namespace segbench::study
