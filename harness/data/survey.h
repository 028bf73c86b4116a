// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/core/variant.h"
#include "harness/data/audit/audit_report.h"
#include "harness/data/kinds/kind_survey.h"

namespace segbench::data {

/// What a folder looks like as a data set.
struct Survey {
  core::DataConfig config;
  std::vector<FoundSetting> settings;  ///< that say so, beside kind and root
  AuditReport audit;                   ///< of this configuration
};

/// Looks at a folder: a kind that is recognised (kinds/kind_survey.h), else images and masks that pair by
/// name, whose classes are what the masks hold. Where the kind has no resolution of its own, it is that of
/// most images, at most 256 on the longer side, in multiples of 32; where a split would get fewer than two
/// images, its fraction is larger. Throws core::UserError (the audit's exit code) where images and masks are
/// not found, or are too few.
Survey survey_folder(const std::filesystem::path& folder, const Progress& progress = {});

}  // namespace segbench::data
