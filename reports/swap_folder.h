// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace segbench::reports {

/// Writes a file without syncing it: for files in a folder that only counts once it is in place.
void write_plainly(const std::filesystem::path& file, std::string_view content);

/// A folder that is filled beside its place and put there in one step. Until then, and if it never comes to
/// that, what is in the place stays as it is.
class NewFolder {
 public:
  /// Throws core::UserError when `place` holds something else: a folder that is neither empty nor has a file
  /// `marker`. Removes what killed processes have left beside it.
  NewFolder(std::filesystem::path place, std::string marker);
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;
  ~NewFolder();

  const std::filesystem::path& path() const { return path_; }
  /// Exchanges the folder with what is in the place, in one system call, and removes the old one.
  void put_in_place();

 private:
  std::filesystem::path place_, path_;
};

}  // namespace segbench::reports
