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
  std::vector<std::string> conflicts;         ///< trials that are complete on both sides with other counts
};

/// Copies every trial below `source` (a trial's folder, a study's, or a whole `runs`) to
/// runs/<study>/trials/<trial id>, and a study's study.json where there is none. A trial that is here already
/// is replaced only when the copy is complete and ours is not; where both are and their counts differ, that
/// is a conflict, and ours stays. Trials that lie under `runs` stay where they are. Throws core::UserError
/// when there is no trial at all.
///
/// With `study`, the folder of a study under `runs`, trials are taken in as that study's, whatever it was
/// called where they were run, also from another study under `runs`: those that it plans. Throws
/// core::UserError when there is no such study.
CarriedIn carry_in(const std::filesystem::path& source, const std::filesystem::path& runs,
                   const std::string& study = "");

/// Trials of one id that lie in several folders under `runs` (of several studies, or of copies), are complete
/// and have other counts: one sentence a pair of folders.
std::vector<std::string> conflicts_under(const std::filesystem::path& runs);

}  // namespace segbench::run
