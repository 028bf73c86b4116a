// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/data/kinds/drawn_labels.h"

namespace segbench::data {

/// One image of an annotation file, with what is drawn on it.
struct CocoImage {
  std::string file_name;
  OutlinedImage outlined;
};

/// The images of a COCO annotation file, in its order; objects in theirs. What is wrong with single entries
/// becomes a finding. Objects are read one at a time, so a file of gigabytes does not fill the memory. Throws
/// core::UserError (naming the file) for what is no such file.
std::vector<CocoImage> read_coco_file(const std::filesystem::path& root, const std::filesystem::path& file,
                                      AnnotationClasses& classes, CatalogueBuilder& builder);

}  // namespace segbench::data
