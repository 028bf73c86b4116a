// SPDX-License-Identifier: MIT
#include "results/store/import_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <map>
#include <unordered_map>
#include <utility>

#include "harness/core/error.h"
#include "harness/core/json.h"
#include "harness/core/study_file.h"
#include "harness/core/warning_kinds.h"
#include "harness/trial/folders.h"
#include "harness/trial/log_stamp.h"
#include "harness/trial/looks_log.h"
#include "harness/trial/standing.h"
#include "results/profiles/log.h"

namespace segbench::store {
namespace {

/// A folder of a study with its study file as it is; null where it is none.
struct StudyFolder {
  std::filesystem::path folder;
  core::Json study;

  std::string name() const {
    const core::Json name = study.is_object() ? study.value("name", core::Json()) : core::Json();
    return name.is_string() ? name.get<std::string>() : "";
  }
  bool is_at_home() const { return folder.filename() == name(); }
};

/// A study is at home in the folder of its name. A copy under another name, and a renamed folder, are told.
void import_studies(Store& store, const std::filesystem::path& runs, bool only_changed,
                    ImportSummary& summary) {
  const std::map<std::string, std::string> known =
      only_changed ? store.definitions() : std::map<std::string, std::string>();
  std::map<std::string, std::filesystem::path> taken;
  std::vector<StudyFolder> studies;
  for (const std::filesystem::path& folder : trial::find_study_folders(runs)) {
    try {
      studies.push_back({folder, trial::read_study(folder)});
    } catch (const core::UserError& error) {
      summary.warnings.emplace_back(error.what());
    }
  }
  std::stable_partition(studies.begin(), studies.end(),
                        [](const StudyFolder& study) { return study.is_at_home(); });
  for (const StudyFolder& study : studies) {
    const std::string name = study.name(), folder = study.folder.string();
    try {
      if (const auto [home, is_first] = taken.try_emplace(name, study.folder); !name.empty() && !is_first) {
        summary.warnings.push_back(to_text(core::make_warning("study_copy", {{"folder", folder},
                                                                             {"study", name},
                                                                             {"home", home->second.string()},
                                                                             {"runs", runs.string()}})));
        continue;
      }
      if (!name.empty() && !study.is_at_home()) {
        summary.warnings.push_back(to_text(core::make_warning(
            "renamed_study", {{"folder", folder}, {"study", name}, {"home", (runs / name).string()}})));
      }
      if (const auto found = known.find(name); found != known.end() && found->second == study.study.dump())
        continue;
      store.import_study(study.folder);
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

/// Paths of trials as the store has them: relative to the runs folder, symbolic links followed.
class StoredNames {
 public:
  explicit StoredNames(std::filesystem::path runs) : runs_(std::move(runs)) {}

  std::string of(const std::filesystem::path& trial) {
    if (std::error_code none; std::filesystem::is_symlink(trial, none)) return relative_to_runs(trial);
    const std::string& path = trial.native();
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) return relative_to_runs(trial);
    if (prefix_.empty() || path.compare(0, slash, parent_) != 0) {  // trials of one study follow one another
      parent_ = path.substr(0, slash);
      prefix_ = relative_to_runs(trial.parent_path()) + '/';
    }
    return prefix_ == "./" ? path.substr(slash + 1) : prefix_ + path.substr(slash + 1);
  }

 private:
  std::string relative_to_runs(const std::filesystem::path& path) const {
    return std::filesystem::relative(path, runs_).generic_string();
  }

  std::filesystem::path runs_;
  std::string parent_, prefix_;
};

/// They only save time: where the store cannot be written now, it is done the next time.
void keep_stamps(Store& store, const std::vector<std::pair<std::int64_t, trial::LogStamp>>& stamps) {
  if (stamps.empty()) return;
  try {
    store.keep_stamps(stamps);
  } catch (const core::UserError&) {
  }
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
  const std::unordered_map<std::string, KnownTrial> known = store.known_trials();
  std::vector<std::pair<std::int64_t, trial::LogStamp>> stamps;
  StoredNames names(runs);
  for (const auto& trial : trial::list_trial_places(runs)) {
    const trial::LogStamp stamp = trial::read_stamp(trial);
    const auto found = known.find(names.of(trial));
    if (found != known.end() && found->second.stamp == stamp) continue;
    if (!trial::is_trial_folder(trial)) continue;
    if (found == known.end()) {
      import_one_trial(store, trial, runs, summary);
      continue;
    }
    const KnownTrial& as_known = found->second;
    const trial::TrialStanding standing = trial::read_trial_standing(trial);
    const bool is_rewritten = !as_known.stamp.content.empty() && as_known.stamp.content != stamp.content;
    if (standing.status != as_known.status || is_rewritten)
      import_one_trial(store, trial, runs, summary);
    else if (trial::is_settled(trial, standing, std::time(nullptr)))
      stamps.emplace_back(as_known.number, stamp);
  }
  keep_stamps(store, stamps);
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
