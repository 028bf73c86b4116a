// SPDX-License-Identifier: MIT
#pragma once

namespace segbench::store {

/// Version 10: the thresholds that were tried on the selection split.
inline constexpr const char* kSchemaV10 = R"sql(
CREATE TABLE thresholds (
  trial INTEGER NOT NULL REFERENCES trials ON DELETE CASCADE,
  threshold REAL NOT NULL,
  epoch INTEGER NOT NULL,
  metric TEXT NOT NULL,
  score REAL,
  chosen INTEGER NOT NULL CHECK (chosen IN (0, 1)),
  PRIMARY KEY (trial, threshold)
) STRICT;
)sql";

}  // namespace segbench::store
