// SPDX-License-Identifier: MIT
#include "harness/run/study_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <system_error>

#include "harness/core/ensemble.h"
#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/identity.h"
#include "harness/core/machine.h"
#include "harness/core/study_file.h"
#include "harness/core/version.h"
#include "harness/core/warning_kinds.h"
#include "harness/study/resolved.h"

namespace segbench::run {
namespace {

using core::Json;

core::TrialSpec make_spec(const study::Study& study, const core::Variant& variant, std::uint64_t seed,
                          const data::PreparedData& data) {
  core::TrialSpec spec;
  spec.study = study.name;
  spec.variant_id = variant.id;
  spec.variant_label = variant.label;
  spec.axes = variant.axes;
  spec.seed = seed;
  spec.data_fingerprint = data.audit.data_fingerprint;
  spec.trial_id = core::trial_id(variant.id, seed, spec.data_fingerprint);
  spec.variant = variant.config;
  spec.splits =
      data.audit.fold_splits.empty() ? data.splits : data::splits_of(data.audit, variant.config.data, seed);
  return spec;
}

void create_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw core::UserError(fmt::format("{}: cannot be created: {}", folder.string(), error.message()),
                          core::kTrialFailed);
  }
}

}  // namespace

std::filesystem::path study_folder(const std::filesystem::path& runs, const std::string& study) {
  return runs / study;
}

StudyPlan plan_study(const study::Study& study, const StudyData& data, const std::filesystem::path& runs) {
  SEGBENCH_CHECK(data.size() == study.variants.size(), "{} data sets for {} variants", data.size(),
                 study.variants.size());
  StudyPlan plan{.folder = study_folder(runs, study.name), .trials = {}};
  std::set<std::string> ids;
  for (const std::uint64_t seed : study.seeds) {
    for (std::size_t v = 0; v < study.variants.size(); ++v) {
      const std::vector<std::uint64_t> seeds =
          core::seeds_of(study.variants[v].config.ensemble_seeds, study.seeds);
      if (!std::ranges::count(seeds, seed)) continue;
      PlannedTrial trial{.spec = make_spec(study, study.variants[v], seed, *data[v]), .folder = {}};
      SEGBENCH_CHECK(ids.insert(trial.spec.trial_id).second, "two trials {} of variant {}",
                     trial.spec.trial_id, study.variants[v].label);
      trial.folder = plan.folder / core::kTrialsFolder / trial.spec.trial_id;
      const auto absolute = [](const std::filesystem::path& path) {
        return std::filesystem::weakly_canonical(std::filesystem::absolute(path));
      };
      trial.spec.cache = absolute(data[v]->cache).lexically_relative(absolute(trial.folder)).string();
      plan.trials.push_back(std::move(trial));
    }
  }
  return plan;
}

bool write_trial_spec(const PlannedTrial& trial) {
  create_folder(trial.folder);
  const std::filesystem::path file = trial.folder / core::kTrialFile;
  if (std::filesystem::exists(file)) {
    try {
      const core::TrialSpec found = core::read_trial_spec(file);
      if (to_json(found) == to_json(trial.spec)) return false;
    } catch (const core::UserError&) {  // empty or damaged: the file is made anew
    }
  }
  core::write_file_atomically(file, to_json(trial.spec).dump(1) + '\n');
  return true;
}

Json describe_study(const study::Study& study, const StudyPlan& plan, const StudyData& data,
                    const std::string& command) {
  std::vector<std::string> trials;
  for (const PlannedTrial& trial : plan.trials) trials.push_back(trial.spec.trial_id);

  // The audit of the first variant's data, and the findings of every other data set as well.
  Json audit = to_json(data.at(0)->audit);
  std::set<const data::PreparedData*> seen = {data[0].get()};
  for (const auto& prepared : data) {
    if (!seen.insert(prepared.get()).second) continue;
    const Json other = to_json(prepared->audit);
    for (const Json& finding : other.value("findings", Json::array())) audit["findings"].push_back(finding);
  }
  Json json = study::study_json(study, trials, audit, command);
  json["environment"] = {{"compiler", core::kCompiler},
                         {"build_type", core::kBuildType},
                         {"system", core::system_name()},
                         {"host", core::host_name()},
                         {"usable_cpus", core::usable_cpus()}};
  return json;
}

std::optional<core::Warning> namesake_warning(const study::Study& study,
                                              const std::filesystem::path& study_folder) {
  const std::filesystem::path file = study_folder / core::kStudyFile;
  if (!std::filesystem::exists(file)) return std::nullopt;
  const Json found = Json::parse(core::read_file(file), nullptr, /*allow_exceptions=*/false);
  if (!found.is_object()) return std::nullopt;
  const auto text = [&](const char* key) {
    return found.contains(key) && found[key].is_string() ? found[key].get<std::string>() : "";
  };
  const std::string before = text("source_file");
  if (before.empty() || before == study.file.string() || text("source") == study.source) return std::nullopt;
  return core::make_warning("namesake_study", {{"folder", study_folder.string()},
                                               {"before", before},
                                               {"file", study.file.string()},
                                               {"study", study.name}});
}

void remove_traces(const std::filesystem::path& study_folder, const std::filesystem::path& cache_root) {
  std::error_code ignored;
  for (const std::filesystem::path& folder : {study_folder, cache_root}) {
    bool only_lock = std::filesystem::is_directory(folder, ignored);
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored))
      only_lock &= entry.path().filename() == "lock";
    if (!only_lock) continue;
    std::filesystem::remove(folder / "lock", ignored);
    std::filesystem::remove(folder, ignored);
  }
  std::filesystem::remove(study_folder.parent_path(), ignored);  // only when it is empty
}

void require_writable(const std::filesystem::path& folder) {
  create_folder(folder);
  const std::filesystem::path probe = folder / ".segbench-write-probe";
  core::write_file_atomically(probe, std::string(1 << 20, '\0'));
  std::error_code ignored;
  std::filesystem::remove(probe, ignored);
}

}  // namespace segbench::run
