// SPDX-License-Identifier: MIT
#include <set>

#include "harness/core/files.h"
#include "harness/core/json.h"
#include "harness/data/kinds/kind_survey.h"
#include "harness/data/kinds/labelme_files.h"

namespace segbench::data {
namespace {

namespace fs = std::filesystem;
using core::Json;

/// The labels of the shapes, in alphabetical order. Files that are no annotations are left to the audit, as
/// long as one is.
std::optional<std::vector<FoundSetting>> survey_labelme(const fs::path& folder) {
  std::set<std::string> labels;
  for (const std::string& file : labelme_files(folder, ".")) {
    try {
      const Json json = Json::parse(core::read_file(folder / file));
      if (!json.contains("imagePath")) continue;
      for (const Json& shape : json.at("shapes")) labels.insert(shape.at("label").get<std::string>());
    } catch (const Json::exception&) {
      continue;
    }
  }
  labels.erase(kLabelMeIgnored);
  if (labels.empty()) return std::nullopt;
  return std::vector{classes_of_names({labels.begin(), labels.end()})};
}

const SurveyRegistration labelme_survey{"labelme", survey_labelme};

}  // namespace
}  // namespace segbench::data
