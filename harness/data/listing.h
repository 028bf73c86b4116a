// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/data/catalogue.h"

namespace segbench::data {

/// A file name as text that may stand in JSON and on a terminal: bytes that are not valid UTF-8, and control
/// characters, become "\xE9".
std::string printable(std::string_view name);

/// The images of one folder (not of its subfolders), by stem: "a" for "a.jpg". Files count as images when
/// their name or their first bytes say so; hidden files do not. Findings: names that are not UTF-8, entries
/// named like images that are no files, two files with one stem (the first in alphabetical order stays).
struct ImageFolder {
  std::filesystem::path path;                ///< relative to the root
  std::map<std::string, std::string> files;  ///< stem to path relative to the root
};
ImageFolder list_images(const std::filesystem::path& root, const std::filesystem::path& folder,
                        CatalogueBuilder& builder);

/// One line of a list file, blanks trimmed.
struct ListLine {
  int number = 0;
  std::vector<std::string> words;
};

/// The lines of a list file below the root that are not empty and do not begin with '#'; line ends of any
/// system and a byte order mark are accepted. Throws core::UserError when it cannot be read.
std::vector<ListLine> read_list(const std::filesystem::path& root, const std::filesystem::path& list);

}  // namespace segbench::data
