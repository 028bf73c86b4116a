// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "harness/core/json.h"

namespace segbench::trial {

/// What the looks at a study decided (core/looks.h), in their order.
struct LooksLog {
  core::Json looks = core::Json::array();  ///< as far as the log is sound
  std::string defect;  ///< "FILE:LINE: what" of a log that was changed or cut; "" of a sound one
};
LooksLog read_looks(const std::filesystem::path& study_folder);

/// Adds one. Throws core::UserError when it cannot be written.
void append_look(const std::filesystem::path& study_folder, const core::Json& look);

/// study.json with the looks that were taken, as "looks" where there are any, and with what its search has
/// decided (core::kSearchFile) as "record" of "search". Null for what is no JSON.
core::Json read_study(const std::filesystem::path& study_folder);

/// What the search of a study that was read so has decided; null where there is nothing.
core::Json search_record(const core::Json& study);
/// Whether the search of a study that was read so has chosen: none of its draws is trained any further. False
/// where it does not search.
bool is_search_finished(const core::Json& study);
/// The variants that are its draws, by id; empty where it does not search or has not begun.
std::set<std::string> drawn_variants(const core::Json& study);

}  // namespace segbench::trial
