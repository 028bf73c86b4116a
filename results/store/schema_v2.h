// SPDX-License-Identifier: MIT
#pragma once

namespace segbench::store {

/// Version 2: the weights that a trial began with, where these were read from a file.
inline constexpr const char* kSchemaV2 = R"sql(
CREATE TABLE pretrained_weights (
  trial INTEGER PRIMARY KEY NOT NULL REFERENCES trials ON DELETE CASCADE,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  name_check TEXT NOT NULL CHECK (name_check IN ('agrees', 'none')),
  format TEXT NOT NULL,
  convention TEXT NOT NULL,
  tensors INTEGER NOT NULL,
  folded INTEGER NOT NULL CHECK (folded IN (0, 1)),
  excluded TEXT NOT NULL,
  left_out TEXT NOT NULL,
  kept TEXT NOT NULL
) STRICT;
)sql";

}  // namespace segbench::store
