// SPDX-License-Identifier: MIT
#pragma once

// What `segbench verify` leaves in a trial's folder.

namespace segbench::core {

/// {"schema": 1, "grade": "bitwise" | "tolerance" | "seeded", "largest_iou_difference": number or null,
/// "first_difference", "time", "host", "device", "threads"}.
inline constexpr const char* kDeterminismFile = "determinism.json";

}  // namespace segbench::core
