// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace segbench::run {

/// What happened to the trials of one folder that was carried back from another machine.
struct CarriedIn {
  std::vector<std::filesystem::path> copied;  ///< their new folders
  std::vector<std::string> notes;             ///< what was left alone, and why
};

/// Copies every trial below `source` (a trial's folder, a study's, or a whole `runs`) to
/// runs/<study>/trials/<trial id>, and a study's study.json where there is none. A trial that is here already
/// is replaced only when the copy is complete and ours is not. Trials that lie under `runs` stay where they
/// are. Throws core::UserError when there is no trial at all.
CarriedIn carry_in(const std::filesystem::path& source, const std::filesystem::path& runs);

}  // namespace segbench::run
