// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/field.h"
#include "harness/core/variant.h"

namespace segbench::core {

/// The settings of a variant that do not depend on the parts it names, in the order in which they are
/// documented: the one place that names them. A new setting is one entry here and one member in variant.h;
/// when it has a default, also one value in frozen_base.cpp.
const std::vector<Field<VariantConfig>>& variant_fields();

/// The field at a dotted key; nullptr when there is none.
const Field<VariantConfig>* find_variant_field(std::string_view key);

/// The parts of a variant in stored form: those of the fields, the kind of data and the architecture, whose
/// parameters stand in "data.params" and "model.params". `params` holds the parameters (and, of the fields,
/// the name), `path` is where they stand in an experiment file: "data", "training.augment[1]".
void visit_variant_parts(Json& variant,
                         const std::function<void(PartKind kind, const std::string& name,
                                                  const std::string& path, Json& params)>& visit);

}  // namespace segbench::core
