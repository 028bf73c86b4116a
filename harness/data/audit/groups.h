// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "harness/data/kinds/catalogue.h"

namespace segbench::data {

/// The group of every sample by the setting `group` of [data]; "" for a sample that stands alone. Ids that
/// the regular expression does not match are a finding, and stand alone.
struct SampleGroups {
  std::vector<std::string> names;
  std::vector<AuditFinding> findings;
};
SampleGroups groups_of(const Catalogue& catalogue, const core::DataConfig& config);

}  // namespace segbench::data
