// SPDX-License-Identifier: MIT
#include "harness/data/kinds/coco_layout.h"

#include <algorithm>
#include <set>

#include "harness/data/kinds/catalogue.h"

namespace segbench::data {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> json_files(const fs::path& root, const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(root / folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const fs::path name = entry->path().filename();
    if (name.extension() == ".json" && name.string().front() != '.') files.push_back(folder / name);
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// "train2017" of "instances_train2017.json"; "" where the name says no split.
std::string split_in_name(const fs::path& file) {
  constexpr std::string_view kInstances = "instances_";
  std::string stem = file.stem().string();
  if (stem.starts_with(kInstances)) return stem.substr(kInstances.size());
  return is_usual_split(stem) ? stem : "";
}

std::string without_year(const std::string& split) {
  const std::size_t end = split.find_last_not_of("0123456789") + 1;
  return end > 0 && is_usual_split(split.substr(0, end)) ? split.substr(0, end) : split;
}

/// Leaves the years out of the names of splits, unless two would then have one name.
void leave_years_out(std::vector<AnnotationFile>& files) {
  std::set<std::string> names;
  for (const AnnotationFile& file : files) names.insert(without_year(file.split));
  if (names.size() != files.size()) return;
  for (AnnotationFile& file : files) file.split = without_year(file.split);
}

}  // namespace

std::vector<AnnotationFile> find_annotation_files(const fs::path& root) {
  std::vector<AnnotationFile> found;
  for (const char* folder : {"annotations", "."}) {
    for (const fs::path& file : json_files(root, folder)) {
      const std::string split = split_in_name(file);
      if (!split.empty()) found.push_back({file.lexically_normal(), split, split});
    }
  }
  leave_years_out(found);
  if (!found.empty()) return found;
  std::error_code error;
  for (fs::directory_iterator entry(root, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code unreadable;
    const std::string name = entry->path().filename().string();
    if (!entry->is_directory(unreadable) || name == "annotations" || name.front() == '.') continue;
    if (const std::vector<fs::path> files = json_files(root, name); files.size() == 1)
      found.push_back({files.front(), name, name});
  }
  if (!found.empty()) return found;
  for (const char* folder : {".", "annotations"}) {
    if (const std::vector<fs::path> files = json_files(root, folder); files.size() == 1)
      return {{files.front().lexically_normal(), "all", "all"}};
  }
  return {};
}

std::string find_annotated_image(const fs::path& root, const AnnotationFile& annotations,
                                 const std::string& name) {
  const fs::path beside = annotations.file.parent_path();
  for (const fs::path& folder : {fs::path("images") / annotations.folder, fs::path(annotations.folder),
                                 fs::path("images"), beside, fs::path("."), beside / "images"}) {
    std::error_code error;
    if (fs::exists(root / folder / name, error)) return (folder / name).lexically_normal().string();
  }
  return "";
}

}  // namespace segbench::data
