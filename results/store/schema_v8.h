// SPDX-License-Identifier: MIT
#pragma once

namespace segbench::store {

/// Version 8: measures of a trial as a whole (time, memory, sizes) stand among the measures, without a split;
/// a source of warnings may be any of the list.
inline constexpr const char* kSchemaV8 = R"sql(
CREATE TABLE measures_of_every_scope (
  trial INTEGER NOT NULL REFERENCES trials ON DELETE CASCADE,
  split TEXT CHECK (split IN ('selection', 'test')),
  epoch INTEGER,
  measure TEXT NOT NULL,
  image INTEGER,
  class INTEGER,
  value REAL
) STRICT;
INSERT INTO measures_of_every_scope SELECT * FROM measures;
INSERT INTO measures_of_every_scope
  SELECT trial, NULL, NULL, 'train_seconds', NULL, NULL, sum(train_seconds) FROM epochs
    WHERE train_seconds IS NOT NULL GROUP BY trial
  UNION ALL SELECT trial, NULL, NULL, 'peak_memory_bytes', NULL, NULL, max(peak_memory_bytes) FROM attempts
    WHERE peak_memory_bytes IS NOT NULL GROUP BY trial
  UNION ALL SELECT trial, NULL, NULL, 'parameters', NULL, NULL, parameters FROM trials
    WHERE parameters IS NOT NULL
  UNION ALL SELECT trial, NULL, NULL, 'trainable_parameters', NULL, NULL, trainable_parameters FROM trials
    WHERE trainable_parameters IS NOT NULL
  UNION ALL SELECT trial, NULL, NULL, 'macs', NULL, NULL, macs FROM trials WHERE macs IS NOT NULL;
DROP TABLE measures;
ALTER TABLE measures_of_every_scope RENAME TO measures;
CREATE UNIQUE INDEX measures_of_trials
  ON measures (trial, ifnull(split, ''), measure, ifnull(image, -1), ifnull(class, -1));
ALTER TABLE trials DROP COLUMN parameters;
ALTER TABLE trials DROP COLUMN trainable_parameters;
ALTER TABLE trials DROP COLUMN macs;

CREATE TABLE warnings_of_every_source (
  study TEXT NOT NULL REFERENCES studies ON DELETE CASCADE,
  trial INTEGER REFERENCES trials ON DELETE CASCADE,
  variant_id TEXT NOT NULL,
  source TEXT NOT NULL,
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  remedy TEXT NOT NULL
) STRICT;
INSERT INTO warnings_of_every_source SELECT * FROM warnings;
DROP TABLE warnings;
ALTER TABLE warnings_of_every_source RENAME TO warnings;
CREATE INDEX warnings_by_study ON warnings (study);
CREATE INDEX warnings_by_trial ON warnings (trial);
)sql";

}  // namespace segbench::store
