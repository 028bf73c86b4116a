// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace segbench::store {

/// The statements that create the views of docs/schema.md. Views hold no data: migrate() drops those that a
/// database has, and creates these. Scores in them are written from metrics::kScoreFormulas; a change here is
/// a new version of the schema, whose step may be empty.
std::string view_definitions();

}  // namespace segbench::store
