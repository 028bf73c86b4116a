// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/core/trial.h"
#include "harness/core/variant.h"
#include "harness/data/audit/audit_report.h"

namespace segbench::data {

/// Reads every image and mask of the data set of `config`, checks them, and draws the splits. Nothing is
/// written.
AuditReport audit(const core::DataConfig& config, const Progress& progress = {});

/// What refuses the data set of `config` before a single file of it is read: what the listing and the splits
/// alone show, such as a missing folder, an unknown or an empty split. No warnings, no fingerprint, no
/// pixels.
AuditReport audit_listing(const core::DataConfig& config);

/// What a trial needs of the data.
struct PreparedData {
  std::filesystem::path cache;  ///< folder of the decode cache
  core::Splits splits;
  AuditReport audit;
  std::vector<std::string>
      notes;  ///< for people: "the decode cache … was damaged (…) and has been built again"
};

/// Audits, then makes sure that the decode cache under `cache_root` is there and undamaged (rebuilding it if
/// need be). Throws core::UserError with exit code kAuditRefused listing what refuses (problems_of()). An
/// unchanged data set (same files, sizes and modification times) is not read again: what was found in each
/// file is kept beside the cache.
PreparedData prepare(const core::DataConfig& config, const std::filesystem::path& cache_root,
                     const Progress& progress = {});

}  // namespace segbench::data
