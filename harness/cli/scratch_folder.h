// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

namespace segbench::cli {

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

}  // namespace segbench::cli
