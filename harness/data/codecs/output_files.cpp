// SPDX-License-Identifier: MIT
#include "harness/data/codecs/output_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "harness/core/error.h"
#include "harness/data/codecs/png_file.h"
#include "harness/data/codecs/probability_file.h"

namespace segbench::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostTold = 10;  ///< problems; a folder of images would fill the screen
constexpr std::string_view kClassesEnd = "void\t#ffffff\n";

bool is_within(const fs::path& file, const fs::path& folder) {
  const auto [end, rest] = std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
  return end == folder.end();
}

bool same_file(const fs::path& a, const fs::path& b) {
  std::error_code error;
  return fs::equivalent(a, b, error) && !error;
}

/// Whether the folder holds anything that Segbench did not write.
bool holds_foreign_files(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    if (!is_own_output(entry->path())) return true;
  }
  return false;
}

/// Why a file must not be written; "" when it may.
std::string objection(const fs::path& file, const OutputPlan& plan, const fs::path& root,
                      std::map<fs::path, bool>& foreign) {
  std::error_code error;
  const bool exists = fs::exists(fs::symlink_status(file, error));
  if (exists) {
    for (const fs::path& input : plan.inputs) {
      if (same_file(input, file))
        return "this is an input, which would be overwritten; choose another output folder";
    }
  }
  const bool own = exists && is_own_output(file);
  const fs::path place = fs::weakly_canonical(file, error);
  if (!root.empty() && is_within(place, root) && !own) {
    if (exists)
      return "this file belongs to the data set, and would be overwritten; choose another output folder";
    const fs::path folder = place.parent_path();
    if (const auto known = foreign.find(folder); known == foreign.end())
      foreign[folder] = holds_foreign_files(folder);
    if (foreign[folder]) return "this would become a file of the data set; choose another output folder";
  }
  if (exists && !own)
    return "there is such a file, and Segbench did not write it; choose another output folder";
  if (own && !plan.force) return "there is an earlier output of this name; --force replaces it";
  return "";
}

}  // namespace

bool is_own_output(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(fs::symlink_status(file, error))) return false;
  std::ifstream in(file, std::ios::binary);
  std::string head(1 << 16, 0);  // class names stand before the mark of probabilities
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  const std::string_view begin(head.data(), static_cast<std::size_t>(in.gcount()));
  if (has_own_mark(begin) || has_probabilities_mark(begin)) return true;
  if (file.filename() != "classes.txt" || !begin.starts_with("0\t#")) return false;
  std::ifstream list(file, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(list), {});
  return text.ends_with(kClassesEnd);
}

void check_outputs(const OutputPlan& plan) {
  std::error_code error;
  const fs::path root = plan.data_root.empty() ? fs::path() : fs::weakly_canonical(plan.data_root, error);
  std::vector<core::Problem> problems;
  std::set<fs::path> names;
  std::map<fs::path, bool> foreign;
  for (const fs::path& file : plan.files) {
    std::string message = names.insert(file.lexically_normal()).second
                              ? objection(file, plan, root, foreign)
                              : "two results would have this name; rename one of their images";
    if (!message.empty()) problems.push_back({.file = file.string(), .message = std::move(message)});
  }
  if (problems.size() > kMostTold) {
    const std::size_t more = problems.size() - kMostTold;
    problems.resize(kMostTold);
    problems.push_back({.file = "", .message = fmt::format("likewise {} further files", more)});
  }
  if (!problems.empty()) throw core::UserError(std::move(problems));
}

}  // namespace segbench::data
