// SPDX-License-Identifier: MIT
#include "harness/run/wanted.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/error.h"
#include "harness/core/looks.h"
#include "harness/study/resolved.h"
#include "harness/trial/looks_log.h"

namespace segbench::run {

using core::Json;

Json with_looks(const study::Study& study, const std::filesystem::path& study_folder) {
  Json json = study::resolved_json(study);
  if (!study.until) return json;
  const trial::LooksLog log = trial::read_looks(study_folder);
  if (!log.defect.empty())
    throw core::UserError(
        fmt::format("{}\nwhat was decided cannot be relied on: move the file away to judge the trials anew",
                    log.defect),
        core::kTrialFailed);
  const std::string rule = core::rule_sha256(json);
  for (const Json& look : log.looks) {
    if (look.value("rule", "") == rule) continue;
    throw core::UserError(fmt::format(
        "{}: variants were dropped by another form of this study (its margin, seeds, variants or [trials] "
        "until); undo the change, give the study another name, or move the file away to judge anew",
        (study_folder / core::kLooksFile).string()));
  }
  json["looks"] = log.looks;
  return json;
}

void keep_wanted(std::vector<PlannedTrial>& trials, const study::Study& study,
                 const std::filesystem::path& study_folder) {
  if (!study.until) return;
  const std::map<std::string, std::size_t> wanted = core::wanted_seeds(with_looks(study, study_folder));
  std::erase_if(trials, [&](const PlannedTrial& trial) {
    const auto place = std::find(study.seeds.begin(), study.seeds.end(), trial.spec.seed);
    return static_cast<std::size_t>(place - study.seeds.begin()) >= wanted.at(trial.spec.variant_id);
  });
}

}  // namespace segbench::run
