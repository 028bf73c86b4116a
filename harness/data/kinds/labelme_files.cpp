// SPDX-License-Identifier: MIT
#include "harness/data/kinds/labelme_files.h"

#include <algorithm>

namespace segbench::data {

namespace fs = std::filesystem;

std::vector<std::string> labelme_files(const fs::path& root, const fs::path& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(root / folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".json")
      files.push_back(entry->path().lexically_relative(root).string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace segbench::data
