// SPDX-License-Identifier: MIT
#include "harness/data/kinds/finding.h"

#include <utility>

namespace segbench::data {

AuditFinding warning_finding(std::string_view key, const core::WarningValues& values, std::string file) {
  core::Warning warning = core::make_warning(key, values);
  return {.refuses = false,
          .file = std::move(file),
          .message = std::move(warning.message),
          .code = std::move(warning.code),
          .remedy = std::move(warning.remedy)};
}

}  // namespace segbench::data
