// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/core/json.h"
#include "harness/core/warning.h"

namespace segbench::store {

class Connection;

/// Replaces the warnings about a whole study by those of its study.json: the audit's findings and the list
/// "warnings".
void write_study_warnings(Connection& connection, const std::string& study, const core::Json& definition);

/// Adds a trial's warnings; importing a trial again has removed the old ones with its row.
void write_trial_warnings(Connection& connection, const std::string& study, std::int64_t trial,
                          const std::string& variant_id, const std::string& source,
                          const std::vector<core::Warning>& warnings);

}  // namespace segbench::store
