// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>

#include "harness/core/error.h"
#include "harness/run/search.h"
#include "harness/run/study_plan.h"

namespace segbench::run {

StudyData prepare_study_data(const study::Study& study, const std::filesystem::path& cache_root,
                             const data::Progress& progress) {
  std::map<std::string, std::shared_ptr<const data::PreparedData>> by_settings;
  std::vector<core::Problem> problems;
  StudyData result;
  for (const core::Variant& variant : study.variants) {
    core::Json key = to_json(variant.config).at("data");
    key.erase("normalise");  // happens after decoding
    const std::string settings = key.dump();
    if (!by_settings.contains(settings)) {
      try {
        by_settings[settings] = std::make_shared<const data::PreparedData>(
            data::prepare(variant.config.data, cache_root, progress));
      } catch (const core::UserError& error) {
        if (error.exit_code() != core::kAuditRefused) throw;
        by_settings[settings] = nullptr;
        for (const core::Problem& problem : error.problems()) {
          if (std::find(problems.begin(), problems.end(), problem) == problems.end())
            problems.push_back(problem);
        }
      }
    }
    result.push_back(by_settings[settings]);
  }
  if (!problems.empty()) throw core::UserError(std::move(problems), core::kAuditRefused);
  check_search(study, result);
  return result;
}

}  // namespace segbench::run
