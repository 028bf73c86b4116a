// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "harness/data/kinds/catalogue.h"

namespace segbench::data {

/// A folder as `images` or `masks` names it: "images", or "images/**" for what lies below it too.
struct FolderName {
  explicit FolderName(std::string setting);
  std::filesystem::path path;
  bool below = false;
};

/// Images and masks of one pair of folders by the name that they share, without extension and suffixes.
struct Pairs {
  std::map<std::string, std::string> images, masks;
  std::set<std::string> image_stems, mask_stems;  ///< of all files, suffixes included
  std::map<std::string, std::vector<std::string>> objects =
      {};                 ///< where each object has a mask: all of them
  bool together = false;  ///< images and masks lie in one folder
};

/// Where masks of single objects lie, if there are any.
enum class ObjectMasks {
  kNone,      ///< one mask holds all
  kFolder,    ///< masks/<name>/<any>
  kNumbered,  ///< masks/<name>_<any>
};

/// Which files are images and which are masks; folders are relative to the root.
struct PairRule {
  std::filesystem::path images, masks;
  bool images_below = false, masks_below = false;  ///< their subfolders, too
  std::string image_suffix = {}, mask_suffix = {};
  ObjectMasks object_masks = ObjectMasks::kNone;
};

/// Lists both folders. What is no image or lies in subfolders is told.
Pairs list_pairs(const std::filesystem::path& root, const PairRule& rule, CatalogueBuilder& builder);

/// What becomes of images and masks without a partner.
enum class Unpaired {
  kRefuse,      ///< with the setting that would pair them
  kSkipImages,  ///< images without a mask are told and left out, as those that are only for prediction
  kIgnore,      ///< lists choose what is used
};
/// All pairs go to one split.
void add_all(const Pairs& pairs, const std::string& split, const std::string& prefix, Unpaired unpaired,
             CatalogueBuilder& builder);

/// The pairs that a list names go to its split.
void add_listed(const std::filesystem::path& root, const Pairs& pairs, const std::string& split,
                CatalogueBuilder& builder);

/// Tells the files that stand in none of the lists used. `used` are the names of the lists.
void tell_unlisted(const Pairs& pairs, const std::set<std::string>& used, CatalogueBuilder& builder);

/// What is in the root where the folders that the settings name are not: the folders with images, and the
/// lines for [data] with which they pair. "" when nothing there looks like a data set.
std::string layout_hint(const std::filesystem::path& root);

}  // namespace segbench::data
