// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace segbench::data {

/// One line of a list file that is not empty.
struct ListLine {
  int number = 0;
  std::string text;                ///< the whole line, without blanks at its ends
  std::vector<std::string> words;  ///< split at blanks
  bool comment = false;            ///< begins with '#': a comment, unless a file is called so
};

/// The text of a list file as UTF-8 with '\n' at the ends of lines, whatever system wrote it: UTF-16 of
/// either byte order, a byte order mark, CR LF and CR alone are accepted. Throws core::UserError (without a
/// file name) for what is no text.
std::string list_text(std::string bytes);

/// The lines of a list file below the root. Throws core::UserError when it cannot be read.
std::vector<ListLine> read_list(const std::filesystem::path& root, const std::filesystem::path& list);

/// What a line may mean, in the order in which it is to be tried: the whole line, then its first column (the
/// columns being parted by tabs, commas, semicolons or blanks).
struct ListEntry {
  std::string name;     ///< file name or path of the image
  std::string partner;  ///< the second column; "" when there is none
};
std::vector<ListEntry> entries_of(const ListLine& line);

/// The names under which an entry may be known, the longest first: "a/b/c.png" gives itself, "a/b/c",
/// "b/c.png", "b/c", "c.png" and "c". Windows' backslashes part as slashes do.
std::vector<std::string> names_of_entry(std::string_view entry);

}  // namespace segbench::data
