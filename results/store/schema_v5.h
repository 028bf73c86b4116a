// SPDX-License-Identifier: MIT
#pragma once

namespace segbench::store {

/// Version 5: which class is the background.
inline constexpr const char* kSchemaV5 = R"sql(
ALTER TABLE trials ADD COLUMN background INTEGER DEFAULT 0;
)sql";

}  // namespace segbench::store
