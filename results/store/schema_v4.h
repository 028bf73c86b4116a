// SPDX-License-Identifier: MIT
#pragma once

namespace segbench::store {

/// Version 4: warnings, so that a report shows them beside the verdict that they weaken. Those of the audit
/// are taken from the studies that are there; those of trials come with their next import.
inline constexpr const char* kSchemaV4 = R"sql(
CREATE TABLE warnings (
  study TEXT NOT NULL REFERENCES studies ON DELETE CASCADE,
  trial INTEGER REFERENCES trials ON DELETE CASCADE,
  variant_id TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('audit', 'plan', 'run', 'trial', 'machine')),
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  remedy TEXT NOT NULL
) STRICT;
CREATE INDEX warnings_by_study ON warnings (study);
CREATE INDEX warnings_by_trial ON warnings (trial);
INSERT INTO warnings
  SELECT s.study, NULL, '', 'audit', ifnull(f.value ->> '$.code', ''),
         iif(ifnull(f.value ->> '$.file', '') = '', '', (f.value ->> '$.file') || ': ') || (f.value ->> '$.message'), ''
  FROM studies s, json_each(s.definition, '$.audit.findings') f
  WHERE (f.value ->> '$.refuses') IS NOT 1 AND (f.value ->> '$.message') IS NOT NULL;
)sql";

}  // namespace segbench::store
