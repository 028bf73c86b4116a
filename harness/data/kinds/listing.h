// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/data/kinds/catalogue.h"
#include "harness/data/kinds/list_file.h"

namespace segbench::data {

/// A file name as text that may stand in JSON and on a terminal: bytes that are not valid UTF-8, and control
/// characters, become "\xE9".
std::string printable(std::string_view name);

/// "a, b, c, d, e and 9 more": up to five names.
std::string some_of(const std::vector<std::string>& names);

/// True for the names of what file managers leave in folders, and of hidden files.
bool is_clutter(const std::string& name);

/// True for the extensions of image files: ".png", ".JPG", …
bool has_image_suffix(const std::filesystem::path& file);

/// The images of one folder, by stem: "a" for "a.jpg"; with `below` also those of its subfolders, "b/a" for
/// "b/a.jpg". Files count as images when their name or their first bytes say so; hidden files do not.
/// Findings: names that are not UTF-8, entries named like images that are no files, two files with one stem
/// (the first in alphabetical order stays); and what is not used: files of other types, images in subfolders.
/// The folder `apart`, relative to the root too, is left to someone else.
struct ImageFolder {
  std::filesystem::path path;                ///< relative to the root
  std::map<std::string, std::string> files;  ///< stem to path relative to the root
};
ImageFolder list_images(const std::filesystem::path& root, const std::filesystem::path& folder,
                        CatalogueBuilder& builder, bool below = false,
                        const std::filesystem::path& apart = {});

}  // namespace segbench::data
