// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

namespace segbench::exchange {

/// A folder that an export fills beside its place, and that is put there when it is whole: a killed export
/// leaves nothing that looks like one.
class NewFolder {
 public:
  /// Throws core::UserError for a place that holds anything already, and for what is no folder.
  explicit NewFolder(const std::filesystem::path& place);
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;
  ~NewFolder();

  const std::filesystem::path& path() const { return path_; }
  const std::filesystem::path& place() const { return place_; }  ///< absolute
  void put_in_place();

 private:
  std::filesystem::path place_, path_;
};

}  // namespace segbench::exchange
