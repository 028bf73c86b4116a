// SPDX-License-Identifier: MIT
#pragma once

namespace segbench::store {

/// Version 3: what a second run of a trial showed.
inline constexpr const char* kSchemaV3 = R"sql(
CREATE TABLE verifications (
  trial INTEGER PRIMARY KEY NOT NULL REFERENCES trials ON DELETE CASCADE,
  grade TEXT NOT NULL CHECK (grade IN ('bitwise', 'tolerance', 'seeded')),
  largest_iou_difference REAL,
  first_difference TEXT NOT NULL,
  time TEXT NOT NULL,
  host TEXT NOT NULL,
  device TEXT NOT NULL,
  threads INTEGER NOT NULL
) STRICT;
)sql";

}  // namespace segbench::store
