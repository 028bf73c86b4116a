// SPDX-License-Identifier: MIT
#include "results/store/import_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/json.h"
#include "harness/core/study_file.h"
#include "harness/core/warning_kinds.h"
#include "harness/trial/folders.h"
#include "harness/trial/looks_log.h"
#include "harness/trial/standing.h"
#include "results/profiles/log.h"

namespace segbench::store {
namespace {

/// What a study file says its study is called; "" when it is none.
std::string name_of_study(const std::filesystem::path& study_folder) {
  const core::Json json = core::Json::parse(core::read_file(study_folder / core::kStudyFile), nullptr,
                                            /*allow_exceptions=*/false);
  return json.is_object() && json.contains("name") && json["name"].is_string()
             ? json["name"].get<std::string>()
             : "";
}

/// A study is at home in the folder of its name. A copy under another name, and a renamed folder, are told.
void import_studies(Store& store, const std::filesystem::path& runs, bool only_changed,
                    ImportSummary& summary) {
  std::map<std::string, core::Json> known;
  if (only_changed) {
    for (StudyRecord& study : store.studies()) known[study.name] = std::move(study.study);
  }
  std::map<std::string, std::filesystem::path> taken;
  std::vector<std::filesystem::path> folders = trial::find_study_folders(runs);
  std::stable_partition(folders.begin(), folders.end(),
                        [](const auto& folder) { return folder.filename() == name_of_study(folder); });
  for (const std::filesystem::path& folder : folders) {
    try {
      const std::string name = name_of_study(folder);
      if (const auto [home, is_first] = taken.try_emplace(name, folder); !name.empty() && !is_first) {
        summary.warnings.push_back(to_text(core::make_warning("study_copy", {{"folder", folder.string()},
                                                                             {"study", name},
                                                                             {"home", home->second.string()},
                                                                             {"runs", runs.string()}})));
        continue;
      }
      if (!name.empty() && folder.filename() != name) {
        summary.warnings.push_back(to_text(core::make_warning(
            "renamed_study",
            {{"folder", folder.string()}, {"study", name}, {"home", (runs / name).string()}})));
      }
      if (only_changed && known.contains(name) && known[name] == trial::read_study(folder)) continue;
      store.import_study(folder);
      ++summary.studies;
    } catch (const core::UserError& error) {
      if (error.exit_code() == core::kTrialFailed) throw;  // of the store, not of this file
      summary.warnings.emplace_back(error.what());
    }
  }
}

void import_one_trial(Store& store, const std::filesystem::path& trial, const std::filesystem::path& runs,
                      ImportSummary& summary) {
  for (std::string& warning : store.import_trial(trial, runs)) summary.warnings.push_back(std::move(warning));
  ++summary.trials;
}

/// Sessions whose logs have grown since they were taken in, or all of them. A log that is none is told.
void import_profiles(Store& store, const std::filesystem::path& runs, ImportSummary& summary) {
  const std::map<std::string, std::int64_t> known = store.profiles();
  for (const auto& session : profiles::find_sessions(runs)) {
    const auto found = known.find(std::filesystem::relative(session, runs).generic_string());
    const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(session / profiles::kProfileLog));
    if (found != known.end() && found->second == bytes) continue;
    try {
      for (std::string& warning : store.import_profile(session, runs))
        summary.warnings.push_back(std::move(warning));
    } catch (const core::UserError& error) {
      if (error.exit_code() == core::kTrialFailed) throw;  // of the store, not of this file
      summary.warnings.emplace_back(error.what());
    }
  }
}

}  // namespace

ImportSummary import_runs(Store& store, const std::filesystem::path& runs) {
  ImportSummary summary;
  store.prune(runs);
  import_studies(store, runs, /*only_changed=*/false, summary);
  for (const auto& trial : trial::find_trial_folders(runs)) import_one_trial(store, trial, runs, summary);
  import_profiles(store, runs, summary);
  return summary;
}

ImportSummary refresh(Store& store, const std::filesystem::path& runs) {
  ImportSummary summary;
  import_studies(store, runs, /*only_changed=*/true, summary);
  const std::map<std::string, core::TrialStatus> known = store.statuses();
  for (const auto& trial : trial::find_trial_folders(runs)) {
    const auto found = known.find(std::filesystem::relative(trial, runs).generic_string());
    if (found == known.end() || found->second != trial::read_trial_standing(trial).status)
      import_one_trial(store, trial, runs, summary);
  }
  import_profiles(store, runs, summary);
  return summary;
}

void remove_database(const std::filesystem::path& file) {
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    std::error_code error;
    std::filesystem::remove(file.string() + suffix, error);
    if (error)
      throw core::UserError(
          fmt::format("{}{}: cannot be removed: {}", file.string(), suffix, error.message()),
          core::kTrialFailed);
  }
}

}  // namespace segbench::store
