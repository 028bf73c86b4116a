// SPDX-License-Identifier: MIT
#pragma once

#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace segbench::bench {

/// A folder that is removed at exit.
inline const std::filesystem::path& work_folder() {
  struct Folder {
    Folder() {
      std::string name = (std::filesystem::temp_directory_path() / "segbench-bench-XXXXXX").string();
      if (::mkdtemp(name.data()) == nullptr) std::abort();
      path = name;
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::filesystem::path path;
  };
  static const Folder folder;
  return folder.path;
}

}  // namespace segbench::bench
