// SPDX-License-Identifier: MIT
#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "harness/core/json.h"
#include "harness/data/kinds/coco_layout.h"
#include "harness/data/kinds/kind_survey.h"

namespace segbench::data {
namespace {

namespace fs = std::filesystem;
using core::Json;

/// What the annotation files of a folder name.
struct Categories {
  std::map<std::int64_t, std::string> names;
  std::set<std::int64_t> outlined;  ///< of which there are objects with an outline
};

/// Adds what a file names; false where it is no annotation file of COCO. Objects are dropped while it is
/// parsed.
bool add_categories(const fs::path& file, Categories& categories) try {
  std::ifstream in(file, std::ios::binary);
  std::string section;
  const Json json = Json::parse(in, [&](int depth, Json::parse_event_t event, Json& value) {
    if (event == Json::parse_event_t::key && depth == 1) section = value.get<std::string>();
    if (event != Json::parse_event_t::object_end || depth != 2 || section != "annotations") return true;
    if (!value.value("segmentation", Json()).empty())
      categories.outlined.insert(value.at("category_id").get<std::int64_t>());
    return false;
  });
  for (const Json& category : json.at("categories"))
    categories.names[category.at("id")] = category.at("name").get<std::string>();
  return json.at("images").is_array() && json.contains("annotations");
} catch (const Json::exception&) {
  return false;
}

/// Only classes of which there are outlines: exports list groups of categories, too.
std::optional<std::vector<FoundSetting>> survey_coco(const fs::path& folder) {
  const std::vector<AnnotationFile> files = find_annotation_files(folder);
  Categories categories;
  for (const AnnotationFile& file : files) {
    if (!add_categories(folder / file.file, categories)) return std::nullopt;
  }
  std::vector<std::string> names;
  for (const auto& [id, name] : categories.names) {
    const bool repeated = std::find(names.begin(), names.end(), name) != names.end();
    if (categories.outlined.contains(id) && !repeated) names.push_back(name);
  }
  if (names.empty()) return std::nullopt;
  return std::vector{classes_of_names(std::move(names))};
}

const SurveyRegistration coco_survey{"coco", survey_coco};

}  // namespace
}  // namespace segbench::data
