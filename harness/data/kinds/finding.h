// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace segbench::data {

/// One finding of the audit.
struct AuditFinding {
  bool refuses = false;  ///< true: the study must not run; false: a warning that the report repeats
  std::string file;      ///< relative to the data root; "" when it concerns the whole data set
  std::string message;   ///< what was found, what was expected, what to do
  std::string code;      ///< what kind of finding, for grouping: "unreadable", "mask_values", "overlap", …
  std::string remedy = {};  ///< what to do, where the message does not say it: a sentence, or lines to paste
};

}  // namespace segbench::data
