// SPDX-License-Identifier: MIT
#include "harness/data/kinds/kind_survey.h"

#include <algorithm>
#include <map>

#include "harness/core/background.h"
#include "harness/core/error.h"
#include "harness/core/part.h"
#include "harness/core/pattern.h"

namespace segbench::data {
namespace {

namespace fs = std::filesystem;

/// Filled before main() and never changed afterwards.
std::map<std::string, KindSurvey>& surveys() {
  static std::map<std::string, KindSurvey> surveys;
  return surveys;
}

/// Whether the folder has the file of a path, whose last part may be a pattern.
bool has(const fs::path& folder, const fs::path& mark) {
  std::error_code error;
  if (mark.string().find('*') == std::string::npos) return fs::exists(folder / mark, error);
  for (fs::directory_iterator entry(folder / mark.parent_path(), error), end; !error && entry != end;
       entry.increment(error)) {
    if (core::matches_pattern(mark.filename().string(), entry->path().filename().string())) return true;
  }
  return false;
}

}  // namespace

SurveyRegistration::SurveyRegistration(const std::string& kind, KindSurvey survey) {
  SEGBENCH_CHECK(surveys().emplace(kind, survey).second, "the survey of {} is registered twice", kind);
}

std::optional<RecognisedKind> recognise_kind(const fs::path& folder) {
  for (const core::PartSpec* kind : core::PartRegistry::instance().all(core::PartKind::kDataSet)) {
    for (const core::Json& mark : kind->traits.value("recognised_by", core::Json::array())) {
      if (has(folder, mark.get<std::string>())) return RecognisedKind{kind->name, {}};
    }
  }
  for (const auto& [kind, survey] : surveys()) {
    if (auto settings = survey(folder)) return RecognisedKind{kind, std::move(*settings)};
  }
  return std::nullopt;
}

FoundSetting classes_of_names(std::vector<std::string> names) {
  const core::Background background = core::background_by_name(names);
  if (background)
    std::rotate(names.begin(), names.begin() + *background, names.begin() + *background + 1);
  else
    names.insert(names.begin(), "background");
  return {"classes", names, "the names that objects have; what none covers is the background"};
}

}  // namespace segbench::data
