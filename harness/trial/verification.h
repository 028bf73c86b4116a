// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "harness/trial/line_warnings.h"

namespace segbench::trial {

/// What a second run of the trial showed.
struct VerificationRecord {
  std::string grade;
  std::optional<double> largest_iou_difference;
  std::string first_difference, time, host, device;
  std::int64_t threads = 0;
};

/// What `segbench verify` left in the folder (core/determinism.h). Empty when the trial was not verified, or
/// with a warning when the file does not fit.
std::optional<VerificationRecord> read_verification(const std::filesystem::path& trial_folder,
                                                    Warnings& warnings);

}  // namespace segbench::trial
