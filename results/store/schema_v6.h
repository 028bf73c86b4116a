// SPDX-License-Identifier: MIT
#pragma once

namespace segbench::store {

/// Version 6: which trials ran on the machine at the same time, since that touches times.
inline constexpr const char* kSchemaV6 = R"sql(
ALTER TABLE attempts ADD COLUMN trials_at_once INTEGER NOT NULL DEFAULT 1;
ALTER TABLE attempts ADD COLUMN shared_with TEXT NOT NULL DEFAULT '[]';
)sql";

}  // namespace segbench::store
