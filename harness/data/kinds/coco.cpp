// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "harness/core/error.h"
#include "harness/data/kinds/catalogue.h"
#include "harness/data/kinds/coco_file.h"
#include "harness/data/kinds/listing.h"

namespace segbench::data {
namespace {

namespace fs = std::filesystem;

/// An annotation file and the split that its images are.
struct AnnotationFile {
  fs::path file;
  std::string split;
};

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

std::vector<AnnotationFile> find_files(const fs::path& root) {
  std::vector<AnnotationFile> found;
  for (const char* folder : {"annotations", "."}) {
    for (const fs::path& file : json_files(root, folder)) {
      const std::string split = split_in_name(file);
      if (!split.empty()) found.push_back({file.lexically_normal(), split});
    }
  }
  if (!found.empty()) return found;
  std::error_code error;
  for (fs::directory_iterator entry(root, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code unreadable;
    const std::string name = entry->path().filename().string();
    if (!entry->is_directory(unreadable) || name == "annotations" || name.front() == '.') continue;
    if (const std::vector<fs::path> files = json_files(root, name); files.size() == 1)
      found.push_back({files.front(), name});
  }
  if (!found.empty()) return found;
  for (const char* folder : {".", "annotations"}) {
    if (const std::vector<fs::path> files = json_files(root, folder); files.size() == 1)
      return {{files.front().lexically_normal(), "all"}};
  }
  return {};
}

/// Where an image lies, relative to the root; "" when it is nowhere.
std::string find_image(const fs::path& root, const AnnotationFile& annotations, const std::string& name) {
  const fs::path beside = annotations.file.parent_path();
  for (const fs::path& folder : {fs::path("images") / annotations.split, fs::path(annotations.split),
                                 fs::path("images"), beside, fs::path("."), beside / "images"}) {
    std::error_code error;
    if (fs::exists(root / folder / name, error)) return (folder / name).lexically_normal().string();
  }
  return "";
}

Catalogue read_coco(const core::DataConfig& config) {
  const fs::path root = config.root;
  const std::string given = config.params.at("annotations");
  const std::vector<AnnotationFile> files =
      given.empty() ? find_files(root) : std::vector<AnnotationFile>{{given, "all"}};
  if (files.empty()) {
    throw core::UserError(
        fmt::format("{}: has no annotations/instances_<split>.json, no <split>/*.json and not one "
                    "JSON file; set annotations to the file",
                    config.root),
        core::kAuditRefused);
  }
  CatalogueBuilder builder;
  AnnotationClasses classes(config);
  std::set<std::string> available;
  for (const AnnotationFile& file : files) available.insert(file.split);
  const std::set<std::string> chosen = builder.choose_splits(config, available, "the annotation files");
  auto outlines = std::make_shared<Outlines>();
  for (const AnnotationFile& file : files) {
    if (!chosen.contains(file.split)) continue;
    for (CocoImage& image : read_coco_file(root, file.file, classes, builder)) {
      const std::string found = find_image(root, file, image.file_name);
      const std::string stem =
          (fs::path(image.file_name).parent_path() / fs::path(image.file_name).stem()).string();
      const std::string id = file.split == "all" ? stem : file.split + "/" + stem;
      if (found.empty()) {
        builder.refuse("missing_partner", file.file.string(),
                       fmt::format("there is no image \"{}\"", printable(image.file_name)));
      } else if (!builder.add(file.split, {id, found, file.file.string()})) {
        builder.warn("list", file.file.string(), {{"image", id}});
      } else {
        outlines->emplace(id, std::move(image.outlined));
      }
    }
  }
  return outlined_catalogue(config, root, std::move(builder), classes, outlines, PolygonRule::kCoco);
}

const KindRegistration coco_reader{"coco", read_coco};

}  // namespace
}  // namespace segbench::data
