// SPDX-License-Identifier: MIT
#include "reports/swap_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "harness/core/abandoned.h"
#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/streams.h"

namespace segbench::reports {

void write_plainly(const std::filesystem::path& file, std::string_view content) {
  std::ofstream out(file, std::ios::binary);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  if (!out)
    throw core::UserError(
        fmt::format("{}: cannot be written: {}", file.string(), core::system_message(errno)),
        core::kTrialFailed);
}

NewFolder::NewFolder(std::filesystem::path place, std::string marker)
    : place_(std::filesystem::absolute(std::move(place)).lexically_normal()) {
  if (!place_.has_filename()) place_ = place_.parent_path();
  std::error_code ignored;
  if (std::filesystem::is_symlink(place_, ignored)) {  // the link stays; what it names is replaced
    const std::filesystem::path target = std::filesystem::weakly_canonical(place_, ignored);
    if (!ignored) place_ = target;
  }
  const bool there = std::filesystem::exists(place_);
  if (there && (!std::filesystem::is_directory(place_) ||
                (!std::filesystem::is_empty(place_) && !std::filesystem::exists(place_ / marker)))) {
    throw core::UserError(
        fmt::format("{}: is neither an empty folder nor a report, so it is not replaced; name a new or "
                    "empty folder, or an earlier report",
                    place_.string()));
  }
  try {
    std::filesystem::create_directories(place_.parent_path());
    core::remove_abandoned(place_);
    path_ = core::temporary_neighbour(place_);
    std::filesystem::remove_all(path_);
    std::filesystem::create_directory(path_);
  } catch (const std::filesystem::filesystem_error& error) {
    throw core::UserError(
        fmt::format("{}: cannot be created: {}; --output names another place",
                    (path_.empty() ? place_ : path_).string(), core::system_message(error.code().value())),
        core::kTrialFailed);
  }
}

NewFolder::~NewFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void NewFolder::put_in_place() {
  // After an exchange the old folder has the temporary name, and goes with the destructor.
  const bool there = std::filesystem::exists(place_);
  int result = there ? ::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, place_.c_str(), RENAME_EXCHANGE)
                     : ::rename(path_.c_str(), place_.c_str());
  if (result != 0 && there && (errno == EINVAL || errno == ENOSYS)) {
    // A file system without exchange: a gap of one system call, in which both folders are there under other
    // names.
    const std::filesystem::path old = path_.string() + "0";
    result = ::rename(place_.c_str(), old.c_str());
    if (result == 0) result = ::rename(path_.c_str(), place_.c_str());
    if (result == 0) std::filesystem::rename(old, path_);
  }
  if (result != 0) {
    throw core::UserError(
        fmt::format("{}: cannot be put in place: {}", place_.string(), core::system_message(errno)),
        core::kTrialFailed);
  }
  core::sync_folder(place_.parent_path());
}

}  // namespace segbench::reports
