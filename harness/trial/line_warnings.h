// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace segbench::trial {

/// Warnings about one file, "FILE:LINE: what"; beyond the first twenty they are only counted.
class Warnings {
 public:
  void add(const std::filesystem::path& file, int line, const std::string& message);
  /// All warnings; a last line tells how many more there were.
  std::vector<std::string> take();

 private:
  std::vector<std::string> lines_;
  std::map<std::filesystem::path, int> seen_;
};

}  // namespace segbench::trial
