// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

namespace segbench::run {

/// A fresh folder inside `parent` (created when absent) that is removed with all it holds. Throws
/// core::UserError when it cannot be created.
class ScratchFolder {
 public:
  explicit ScratchFolder(const std::filesystem::path& parent);
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The folder for temporary files: TMPDIR, or /tmp. Throws core::UserError when there is none.
std::filesystem::path temporary_folder();

}  // namespace segbench::run
