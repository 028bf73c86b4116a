// SPDX-License-Identifier: MIT
#include "harness/data/kinds/labelme_files.h"

#include <algorithm>

#include "harness/data/kinds/listing.h"

namespace segbench::data {

namespace fs = std::filesystem;

std::vector<std::string> labelme_files(const fs::path& root, const fs::path& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(root / folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (is_clutter(entry->path().filename().string())) {
      entry.disable_recursion_pending();
      continue;
    }
    if (entry->path().extension() == ".json")
      files.push_back(entry->path().lexically_relative(root).string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace segbench::data
