// SPDX-License-Identifier: MIT
#include "harness/run/carry_in.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <set>

#include "harness/core/abandoned.h"
#include "harness/core/error.h"
#include "harness/core/file_lock.h"
#include "harness/core/files.h"
#include "harness/core/looks.h"
#include "harness/core/streams.h"
#include "harness/core/study_file.h"
#include "harness/run/rerun_comparison.h"
#include "harness/run/runs_folder.h"
#include "harness/trial/folders.h"
#include "harness/trial/spec_recovery.h"
#include "harness/trial/standing.h"

namespace segbench::run {
namespace {

namespace fs = std::filesystem;

bool is_complete(const fs::path& trial_folder) {
  return trial::read_evidence(trial_folder).state == trial::LogState::kWhole;
}

bool lies_under(const fs::path& folder, const fs::path& runs) {
  const std::string relative = fs::relative(folder, runs).generic_string();
  return !relative.empty() && !relative.starts_with("..");
}

/// The name becomes a folder: it must not lead out of `runs`.
std::string checked_name(const std::string& name, const fs::path& file) {
  if (name.empty() || name == "." || name == ".." || name.find_first_of("/\\") != std::string::npos) {
    throw core::UserError(fmt::format("{}: \"{}\" cannot be the name of a folder", file.string(), name));
  }
  return name;
}

/// How the results of two complete trials of one id contradict each other; "" when they do not.
std::string contradiction(const fs::path& a, const fs::path& b) {
  const std::string ours = trial::read_log_text(a), theirs = trial::read_log_text(b);
  if (ours == theirs) return "";
  const std::string difference =
      first_different_counts(trial::parse_event_log(ours), trial::parse_event_log(theirs));
  if (difference.empty()) return "";
  return fmt::format("{} and {} are the same trial with other counts: {}", a.string(), b.string(),
                     difference);
}

/// Why the trial that is here already stays; "" when the copy may replace it.
std::string reason_to_keep(const fs::path& here, const fs::path& copy) {
  if (!is_complete(copy)) return "is here, and the copy is not complete either";
  const fs::path lock = here / core::kTrialLockFile;
  if (core::FileLock::holder(lock)) return "is running here";
  return "";
}

/// Where trials go.
struct Destination {
  fs::path runs;
  std::string study;                         ///< that takes them all in; "": each its own
  std::map<std::string, ListedTrial> plans;  ///< of that study, by trial id
};

Destination destination_of(const fs::path& runs, const std::string& study) {
  Destination to{.runs = runs, .study = study, .plans = {}};
  if (study.empty()) return to;
  if (!fs::exists(runs / checked_name(study, runs) / core::kStudyFile)) {
    throw core::UserError(
        fmt::format("{}: there is no study \"{}\" that could take trials in; `segbench run "
                    "STUDY.toml --prepare` makes one",
                    runs.string(), study));
  }
  for (const ListedTrial& trial : list_trials(runs, study)) to.plans[trial.trial_id] = trial;
  return to;
}

/// runs/<study>/trials/<trial id>; empty, with a note, of a trial that does not say what it is or has no
/// place.
std::optional<fs::path> target_of(const fs::path& trial, const Destination& to,
                                  std::vector<std::string>& notes) {
  try {
    std::string defect;
    const core::TrialSpec spec = trial::read_or_recover_spec(trial, defect);
    if (!to.study.empty() && !to.plans.contains(spec.trial_id)) {
      notes.push_back(
          fmt::format("{}: left alone: the study \"{}\" does not plan it", trial.string(), to.study));
      return std::nullopt;
    }
    const std::string& study = to.study.empty() ? spec.study : to.study;
    return to.runs / checked_name(study, trial / core::kTrialFile) / core::kTrialsFolder /
           checked_name(spec.trial_id, trial / core::kTrialFile);
  } catch (const core::UserError& error) {
    notes.push_back(fmt::format("left alone: {}", error.what()));
    return std::nullopt;
  }
}

/// What is told of the copy of a trial that is complete here, and therefore stays.
void weigh_copy(const fs::path& here, const fs::path& copy, CarriedIn& result, std::size_t& known) {
  const trial::LogEvidence log = trial::read_evidence(copy);
  const bool has_end = log.state == trial::LogState::kWhole || log.state == trial::LogState::kDamaged;
  const std::string defect = log.defect.empty() ? "" : fmt::format(" (the copy is damaged: {})", log.defect);
  if (const std::string conflict = has_end ? contradiction(here, copy) : ""; !conflict.empty())
    result.conflicts.push_back(conflict + defect);
  else if (log.state == trial::LogState::kWhole)
    ++known;
  else
    result.notes.push_back(
        fmt::format("{}: left alone: it is complete here, and the copy is not{}", copy.string(), defect));
}

/// Has the copy of a trial say that it is the new study's, and what it is called there.
void take_over(const fs::path& source, const fs::path& copy, const Destination& to) {
  std::string defect;
  core::TrialSpec spec = trial::read_or_recover_spec(source, defect);
  spec.study = to.study;
  spec.variant_label = to.plans.at(spec.trial_id).variant_label;
  core::write_file_atomically(copy / core::kTrialFile, core::to_json(spec).dump(1) + '\n');
}

/// Makes the copy a folder deeper than trials are looked for, and puts it in place when it is whole: one that
/// was interrupted is no trial.
void copy_trial(const fs::path& source, const fs::path& target, const Destination& to) {
  const fs::path copies = target.parent_path() / ".copy";
  const fs::path folder = core::temporary_neighbour(copies), partial = folder / target.filename();
  const auto clear = [&] {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  };
  try {
    core::remove_abandoned(copies);
    fs::remove_all(folder);
    fs::create_directories(folder);
    fs::copy(source, partial, fs::copy_options::recursive);
    fs::remove(partial / core::kTrialLockFile);
    if (!to.study.empty()) take_over(source, partial, to);
    fs::remove_all(target);
    fs::rename(partial, target);
    clear();
  } catch (const fs::filesystem_error& error) {
    clear();
    throw core::UserError(
        fmt::format("{}: cannot be copied: {}", source.string(), core::system_message(error.code().value())),
        core::kTrialFailed);
  } catch (const core::UserError&) {
    clear();
    throw;
  }
}

/// Whether two study files ask for the same: where the data lie, and who ran it, is not part of that.
bool same_study(const fs::path& a, const fs::path& b) {
  const auto form_of = [](const fs::path& file) {
    const std::string text = core::read_file(file);
    const core::Json json = core::Json::parse(text, nullptr, /*allow_exceptions=*/false);
    return json.is_object() ? core::sealed_form_sha256(json) : text;
  };
  return form_of(a) == form_of(b);
}

/// The description of the study of a trial, where there is none at its target. `compared`: study files that
/// were weighed against the one that is there.
void carry_in_study(const fs::path& trial, const fs::path& target, std::set<fs::path>& compared,
                    CarriedIn& result) {
  const fs::path study = target.parent_path().parent_path();
  const fs::path study_file = trial.parent_path().parent_path() / core::kStudyFile;
  if (!fs::exists(study_file)) return;
  if (!fs::exists(study / core::kStudyFile)) {
    std::error_code error;  // writing tells
    fs::create_directories(study, error);
    for (const char* name : {core::kSealsFile, core::kLooksFile, core::kSearchFile, core::kStudyFile}) {
      const fs::path file = study_file.parent_path() / name;
      if (fs::exists(file)) core::write_file_atomically(study / name, core::read_file(file));
    }
  } else if (compared.insert(study_file).second && !same_study(study_file, study / core::kStudyFile)) {
    result.notes.push_back(
        fmt::format("{}: describes the study otherwise than {}, which stays; trials that this one "
                    "does not plan are left out of its report",
                    study_file.string(), (study / core::kStudyFile).string()));
  }
}

}  // namespace

CarriedIn carry_in(const fs::path& source, const fs::path& runs, const std::string& as_study) {
  const std::vector<fs::path> trials = trial::find_trial_folders(source);
  if (trials.empty())
    throw core::UserError(
        fmt::format("{}: there is no trial folder (one with a {}) here", source.string(), core::kTrialFile));
  const Destination to = destination_of(runs, as_study);
  CarriedIn result;
  std::set<fs::path> compared;
  std::size_t known = 0;
  for (const fs::path& trial : trials) {
    if (lies_under(trial, as_study.empty() ? runs : runs / as_study)) continue;
    const std::optional<fs::path> target = target_of(trial, to, result.notes);
    if (!target) continue;
    if (fs::exists(*target) && is_complete(*target)) {
      weigh_copy(*target, trial, result, known);
      continue;
    }
    if (const std::string reason = fs::exists(*target) ? reason_to_keep(*target, trial) : "";
        !reason.empty()) {
      result.notes.push_back(fmt::format("{}: left alone: it {}", trial.string(), reason));
      continue;
    }
    // Before its trials: an import that was killed finds those again, and what they are planned by is here.
    if (as_study.empty()) carry_in_study(trial, *target, compared, result);
    copy_trial(trial, *target, to);
    result.copied.push_back(*target);
  }
  if (known > 0)
    result.notes.push_back(fmt::format("{}: {} trial{} left alone: complete here, with the same counts",
                                       source.string(), known, known == 1 ? "" : "s"));
  return result;
}

std::vector<std::string> conflicts_under(const fs::path& runs) {
  std::map<std::string, std::vector<fs::path>> by_id;
  for (const fs::path& trial : trial::find_trial_folders(runs)) by_id[trial.filename()].push_back(trial);
  std::vector<std::string> conflicts;
  for (auto& [id, folders] : by_id) {
    if (folders.size() < 2) continue;
    std::erase_if(folders, [](const fs::path& folder) { return !is_complete(folder); });
    for (std::size_t i = 1; i < folders.size(); ++i) {
      if (std::string conflict = contradiction(folders[0], folders[i]); !conflict.empty())
        conflicts.push_back(std::move(conflict));
    }
  }
  return conflicts;
}

}  // namespace segbench::run
