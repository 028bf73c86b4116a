// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "harness/core/warning_kinds.h"

namespace segbench::data {

/// One finding of the audit.
struct AuditFinding {
  bool refuses = false;  ///< true: the study must not run; false: a warning that the report repeats
  std::string file;      ///< relative to the data root; "" when it concerns the whole data set
  std::string message;   ///< what was found, what was expected, what to do
  std::string
      code;  ///< what kind of finding, for grouping: "unreadable", "mask_values", …; of a warning its key
  std::string remedy = {};  ///< what to do, where the message does not say it: a sentence, or lines to paste
};

/// A finding that does not refuse: a warning of the closed list (core/warning_kinds.h) about a file.
AuditFinding warning_finding(std::string_view key, const core::WarningValues& values, std::string file = "");

}  // namespace segbench::data
