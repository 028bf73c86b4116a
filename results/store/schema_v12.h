// SPDX-License-Identifier: MIT
#pragma once

namespace segbench::store {

/// Version 12: what the file system told of a trial's logs when they were last read, so that those that have
/// not changed are not read again.
inline constexpr const char* kSchemaV12 = R"sql(
CREATE TABLE log_stamps (
  trial INTEGER PRIMARY KEY NOT NULL REFERENCES trials ON DELETE CASCADE,
  content TEXT NOT NULL,
  place TEXT NOT NULL
) STRICT;
)sql";

}  // namespace segbench::store
