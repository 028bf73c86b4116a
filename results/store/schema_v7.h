// SPDX-License-Identifier: MIT
#pragma once

namespace segbench::store {

/// Version 7: measures that no count tells, whatever they are.
inline constexpr const char* kSchemaV7 = R"sql(
CREATE TABLE measures (
  trial INTEGER NOT NULL REFERENCES trials ON DELETE CASCADE,
  split TEXT NOT NULL CHECK (split IN ('selection', 'test')),
  epoch INTEGER NOT NULL,
  measure TEXT NOT NULL,
  image INTEGER,
  class INTEGER,
  value REAL
) STRICT;
CREATE UNIQUE INDEX measures_of_trials ON measures (trial, split, measure, ifnull(image, -1), ifnull(class, -1));
)sql";

}  // namespace segbench::store
