// SPDX-License-Identifier: MIT
#pragma once

namespace segbench::store {

/// Version 11: profiles, a row for each session, each combination that was measured, and each iteration.
inline constexpr const char* kSchemaV11 = R"sql(
CREATE TABLE profiles (
  profile INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  session TEXT NOT NULL,
  host TEXT NOT NULL,
  finished TEXT,
  settings TEXT NOT NULL,
  machine TEXT NOT NULL,
  folder TEXT NOT NULL UNIQUE,
  log_bytes INTEGER NOT NULL
) STRICT;
CREATE TABLE profile_rows (
  profile_row INTEGER PRIMARY KEY,
  profile INTEGER NOT NULL REFERENCES profiles ON DELETE CASCADE,
  row_id TEXT NOT NULL,
  label TEXT NOT NULL,
  model TEXT NOT NULL,
  trial_id TEXT,
  engine TEXT NOT NULL,
  engine_version TEXT NOT NULL,
  batch INTEGER NOT NULL,
  height INTEGER NOT NULL,
  width INTEGER NOT NULL,
  precision TEXT NOT NULL,
  memory_format TEXT NOT NULL,
  device TEXT NOT NULL,
  threads INTEGER NOT NULL,
  failure TEXT,
  median_seconds REAL,
  error REAL,
  labels_differ REAL,
  startup_seconds REAL,
  load_seconds REAL,
  first_seconds REAL,
  peak_memory_bytes INTEGER,
  device_peak_memory_bytes INTEGER,
  file_bytes INTEGER,
  parameters INTEGER,
  macs INTEGER
) STRICT;
CREATE INDEX profile_rows_by_profile ON profile_rows (profile);
CREATE TABLE profile_iterations (
  profile_row INTEGER NOT NULL REFERENCES profile_rows ON DELETE CASCADE,
  round INTEGER NOT NULL,
  iteration INTEGER NOT NULL,
  seconds REAL NOT NULL,
  disturbed INTEGER NOT NULL CHECK (disturbed IN (0, 1)),
  PRIMARY KEY (profile_row, round, iteration)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace segbench::store
