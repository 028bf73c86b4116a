// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "harness/data/kinds/folder_pairs.h"
#include "harness/data/kinds/listing.h"
#include "harness/data/kinds/name_match.h"

namespace segbench::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFolders = 20, kMostFiles = 5000;
constexpr int kDeepest = 4;

/// Names of image files below one folder, without extension, relative to it.
using Names = std::set<std::string>;

void collect(const fs::path& folder, const std::string& prefix, int depth, Names& names) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const fs::path name = entry->path().filename();
    if (name.string().front() == '.' || names.size() >= kMostFiles) continue;
    std::error_code unreadable;
    if (entry->is_directory(unreadable)) {
      if (depth < kDeepest) collect(entry->path(), prefix + name.string() + "/", depth + 1, names);
    } else if (has_image_suffix(name)) {
      names.insert(prefix + name.stem().string());
    }
  }
}

/// The folders that the settings could name: those of the root, and those of its split folders joined.
std::map<std::string, Names> folders_with_images(const fs::path& root) {
  std::map<std::string, Names> found;
  std::error_code error;
  for (fs::directory_iterator entry(root, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    std::error_code unreadable;
    if (name.front() == '.' || !entry->is_directory(unreadable) || found.size() >= kMostFolders) continue;
    if (!is_usual_split(name)) {
      collect(entry->path(), "", 0, found[name]);
      continue;
    }
    collect(entry->path(), "", kDeepest, found[name]);  // "train" may be the images themselves
    for (fs::directory_iterator below(entry->path(), error); !error && below != end; below.increment(error)) {
      if (below->is_directory(unreadable))
        collect(below->path(), name + "/", 1, found[below->path().filename().string()]);
    }
  }
  std::erase_if(found, [](const auto& folder) { return folder.second.empty(); });
  return found;
}

/// How much a folder's name says that masks lie in it.
bool sounds_like_masks(std::string name) {
  constexpr std::array<std::string_view, 10> kWords = {"mask",  "label",  "ann", "seg",    "gt",
                                                       "truth", "target", "lbl", "manual", "matting"};
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

/// True when files lie in subfolders, none of which is a split, so that the folder must be read with what is
/// below it.
bool needs_below(const Names& names) {
  bool any = false;
  for (const std::string& name : names) {
    const std::size_t slash = name.find('/');
    if (slash == std::string::npos) continue;
    if (is_usual_split(name.substr(0, slash))) return false;
    any = true;
  }
  return any;
}

using Pairing = std::optional<Suffixes>(const Names& images, const Names& masks);

/// The suffixes with which the names of two folders pair; empty when they do not.
std::optional<Suffixes> pair_all(const Names& images, const Names& masks) {
  if (images == masks) return Suffixes{};
  return find_suffixes(images, masks, false);
}

/// No suffixes, where more than half of the masks have an image of their name: the audit names the others.
std::optional<Suffixes> pair_most(const Names& images, const Names& masks) {
  const auto paired = static_cast<std::size_t>(std::count_if(
      masks.begin(), masks.end(), [&](const std::string& name) { return images.contains(name); }));
  return 2 * paired > masks.size() ? std::optional(Suffixes{}) : std::nullopt;
}

/// The lines for two folders that pair; the masks lie in one whose name says so, or (not `by_name`) does not.
std::string paired_folders(const std::map<std::string, Names>& folders, bool by_name, Pairing* pairing) {
  for (const auto& [mask_folder, masks] : folders) {
    if (sounds_like_masks(mask_folder) != by_name) continue;
    for (const auto& [image_folder, images] : folders) {
      if (image_folder == mask_folder || sounds_like_masks(image_folder)) continue;
      if (is_usual_split(image_folder) && is_usual_split(mask_folder)) continue;  // numbered alike
      const auto suffixes = pairing(images, masks);
      if (!suffixes) continue;
      const char* below = needs_below(masks) ? "/**" : "";
      std::string lines = fmt::format("images = \"{}{}\"\nmasks = \"{}{}\"", printable(image_folder), below,
                                      printable(mask_folder), below);
      if (!suffixes->image.empty()) lines += fmt::format("\nimage_suffix = \"{}\"", suffixes->image);
      if (!suffixes->mask.empty()) lines += fmt::format("\nmask_suffix = \"{}\"", suffixes->mask);
      return lines;
    }
  }
  return "";
}

}  // namespace

std::string layout_hint(const fs::path& root) {
  const std::map<std::string, Names> folders = folders_with_images(root);
  for (const bool by_name : {true, false}) {
    if (std::string lines = paired_folders(folders, by_name, pair_all); !lines.empty()) return lines;
  }
  for (const auto& [folder, names] : folders) {
    if (const auto suffixes = find_suffixes(names, names, true)) {
      // A folder that is a split: "." is the folder of each split.
      return fmt::format("images = \"{0}\"\nmasks = \"{0}\"\nmask_suffix = \"{1}\"",
                         is_usual_split(folder) ? "." : printable(folder), suffixes->mask);
    }
  }
  Names here;
  collect(root, "", kDeepest, here);
  if (const auto suffixes = find_suffixes(here, here, true)) {
    return fmt::format("images = \".\"\nmasks = \".\"\nmask_suffix = \"{}\"", suffixes->mask);
  }
  return paired_folders(folders, true, pair_most);
}

}  // namespace segbench::data
