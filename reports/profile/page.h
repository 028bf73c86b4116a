// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "results/profiles/conclude.h"

namespace segbench::reports {

struct ProfilePage {
  std::filesystem::path file;
  std::vector<std::string> warnings;
};

/// Writes a profile's page into a folder of its own, which it replaces: index.html that loads nothing,
/// profile.json, profile.csv and plots/ with their gnuplot scripts and data. Throws core::UserError when
/// something cannot be written.
ProfilePage write_profile_page(const profiles::ProfileResults& results, const profiles::ProfileLog& log,
                               const std::filesystem::path& folder);

}  // namespace segbench::reports
