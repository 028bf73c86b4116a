// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "harness/core/file_lock.h"

namespace segbench::run {

/// Takes runs/<study>/lock: a study is run by one `segbench` at a time. Throws core::UserError that names the
/// process which has it.
core::FileLock lock_study(const std::filesystem::path& study_folder);

}  // namespace segbench::run
