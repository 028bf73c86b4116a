// SPDX-License-Identifier: MIT
#include "harness/cli/prediction_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/text.h"
#include "harness/data/kinds/listing.h"

namespace segbench::cli {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> images_in(const fs::path& folder) {
  std::vector<std::string> images;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (data::has_image_suffix(entry.path()) && entry.is_regular_file()) images.push_back(entry.path());
  }
  std::sort(images.begin(), images.end());
  return images;
}

std::vector<std::string> images_of_list(const fs::path& list) {
  std::vector<std::string> images;
  for (const std::string& line : core::split(core::read_file(list), '\n')) {
    const std::string name(core::trim(line));
    if (!name.empty() && !name.starts_with('#')) images.push_back(list.parent_path() / name);
  }
  return images;
}

}  // namespace

std::vector<std::string> prediction_files(const std::vector<std::string>& arguments) {
  std::vector<std::string> files;
  for (const std::string& argument : arguments) {
    const bool is_folder = fs::is_directory(argument), is_list = !is_folder && argument.ends_with(".txt");
    const std::vector<std::string> found = is_folder ? images_in(argument)
                                           : is_list ? images_of_list(argument)
                                                     : std::vector<std::string>{argument};
    if (found.empty())
      throw core::UserError(
          fmt::format("{}: {} no image", argument, is_folder ? "the folder has" : "the list names"));
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

}  // namespace segbench::cli
