// SPDX-License-Identifier: MIT
#include "reports/swap_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <vector>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/streams.h"

namespace segbench::reports {
namespace {

/// The process that a temporary neighbour belongs to: the digits behind ".tmp-".
bool is_abandoned(std::string_view name, const std::string& prefix) {
  if (!name.starts_with(prefix)) return false;
  name.remove_prefix(prefix.size());
  int process = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), process);
  if (error != std::errc() || end != name.data() + name.size()) return false;
  return process != ::getpid() && ::kill(process, 0) != 0 && errno == ESRCH;
}

void remove_abandoned(const std::filesystem::path& folder, const std::string& prefix) {
  std::vector<std::filesystem::path> abandoned;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (is_abandoned(entry.path().filename().string(), prefix)) abandoned.push_back(entry.path());
  }
  std::error_code ignored;
  for (const auto& path : abandoned) std::filesystem::remove_all(path, ignored);
}

}  // namespace

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
    const std::string prefix = place_.filename().string() + ".tmp-";
    std::filesystem::create_directories(place_.parent_path());
    remove_abandoned(place_.parent_path(), prefix);
    path_ = place_.parent_path() / (prefix + std::to_string(::getpid()));
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
