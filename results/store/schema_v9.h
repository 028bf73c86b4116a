// SPDX-License-Identifier: MIT
#pragma once

namespace segbench::store {

/// Version 9: when a study was sealed.
inline constexpr const char* kSchemaV9 = R"sql(
CREATE TABLE seals (
  study TEXT NOT NULL REFERENCES studies ON DELETE CASCADE,
  sha256 TEXT NOT NULL,
  time TEXT NOT NULL,
  PRIMARY KEY (study, sha256)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace segbench::store
