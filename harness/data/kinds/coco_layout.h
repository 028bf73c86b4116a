// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace segbench::data {

/// An annotation file, relative to the root, and the split that its images are.
struct AnnotationFile {
  std::filesystem::path file;
  std::string split;
  std::string folder;  ///< the name that the images' folder may have: as the file says it, "train2017"
};

/// annotations/instances_<split>.json, without the year ("train2017" is "train") as long as names differ,
/// else <split>/*.json, else the only JSON file, whose images are "all".
std::vector<AnnotationFile> find_annotation_files(const std::filesystem::path& root);

/// Where an image that a file names lies, relative to the root; "" when it is nowhere.
std::string find_annotated_image(const std::filesystem::path& root, const AnnotationFile& annotations,
                                 const std::string& name);

}  // namespace segbench::data
