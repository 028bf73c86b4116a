// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/core/variant.h"
#include "harness/data/audit/audit_report.h"

namespace segbench::data {

/// What a folder looks like as a data set.
struct Survey {
  core::DataConfig config;
  /// The settings that say so, beside kind and root, in stored form, each with a remark ("" for none).
  struct Setting {
    std::string key;
    core::Json value;
    std::string remark;
  };
  std::vector<Setting> settings;
  AuditReport audit;  ///< of this configuration
};

/// Looks at a folder: a kind that is recognised by what only it has, else images and masks that pair by name,
/// whose classes are what the masks hold. The resolution is that of most images, at most 256 on the longer
/// side, in multiples of 32. Throws core::UserError (the audit's exit code) where images and masks are not
/// found, or are too few.
Survey survey_folder(const std::filesystem::path& folder, const Progress& progress = {});

}  // namespace segbench::data
