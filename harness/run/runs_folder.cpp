// SPDX-License-Identifier: MIT
#include "harness/run/runs_folder.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "harness/core/ensemble.h"
#include "harness/core/error.h"
#include "harness/core/json.h"
#include "harness/core/json_problem.h"
#include "harness/core/looks.h"
#include "harness/core/study_file.h"
#include "harness/core/trial.h"
#include "harness/run/select_name.h"
#include "harness/run/study_plan.h"
#include "harness/study/study.h"
#include "harness/trial/looks_log.h"
#include "harness/trial/standing.h"

namespace segbench::run {
namespace {

using core::Json;

/// What a study calls itself; "" when it does not say.
std::string name_of_study(const std::filesystem::path& folder) {
  const Json json =
      Json::parse(core::read_file(folder / core::kStudyFile), nullptr, /*allow_exceptions=*/false);
  const Json name = json.is_object() ? json.value("name", Json()) : Json();
  return name.is_string() ? name.get<std::string>() : "";
}

/// Folders of all trials of all studies.
std::vector<std::filesystem::path> all_trial_folders(const std::filesystem::path& runs) {
  std::vector<std::filesystem::path> folders;
  for (const std::string& study : studies_under(runs)) {
    std::error_code absent;
    const auto trials = study_folder(runs, study) / core::kTrialsFolder;
    for (const auto& entry : std::filesystem::directory_iterator(trials, absent))
      folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

}  // namespace

std::vector<std::string> studies_under(const std::filesystem::path& runs) {
  std::vector<std::string> names;
  std::error_code absent;
  for (const auto& entry : std::filesystem::directory_iterator(runs, absent)) {
    if (std::filesystem::exists(entry.path() / core::kStudyFile, absent))
      names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string find_study(const std::filesystem::path& runs, const std::string& argument) {
  const std::vector<std::string> names = studies_under(runs);
  if (names.empty()) {
    throw core::UserError(fmt::format("{}: there is no study yet; segbench run starts one", runs.string()));
  }
  if (argument.empty()) {
    if (names.size() == 1) return names.front();
    throw core::UserError(fmt::format("{}: there are {} studies; name one of: {}", runs.string(),
                                      names.size(), fmt::join(names, ", ")));
  }
  const bool is_file = argument.ends_with(".toml") && std::filesystem::is_regular_file(argument);
  const std::string name = is_file ? study::load_study(argument).name : argument;
  if (names_beginning_with(name, names).empty()) {
    // A folder that was renamed still holds the study of its old name.
    for (const std::string& folder : names) {
      if (name_of_study(study_folder(runs, folder)) == name) return folder;
    }
  }
  return select_name(name, names, "study");
}

std::vector<ListedTrial> planned_trials(const std::filesystem::path& study_folder, const Json& study) {
  const std::filesystem::path file = study_folder / core::kStudyFile;
  if (!study.is_object()) throw core::UserError(fmt::format("{}: no study file", file.string()));
  struct Listed {
    std::string id, label;
    std::int64_t epochs = 0;
    std::vector<std::uint64_t> seeds;
    std::size_t wanted = 0;
  };
  std::vector<ListedTrial> trials;
  try {
    // plan_study lists all variants with the first seed, then with the second, …
    const Json& ids = study.at("trials");
    const std::map<std::string, std::size_t> wanted = core::wanted_seeds(study);
    const std::vector<std::uint64_t> seeds = study.at("seeds");
    std::vector<Listed> variants;
    for (const Json& variant : study.at("variants")) {
      const Json& config = variant.at("config");
      const std::string id = variant.at("id");
      variants.push_back({.id = id,
                          .label = variant.at("label"),
                          .epochs = config.at("training").at("epochs"),
                          .seeds = core::seeds_of(config.value("ensemble_seeds", std::int64_t{1}), seeds),
                          .wanted = wanted.at(id)});
    }
    const std::filesystem::path folder = study_folder / core::kTrialsFolder;
    std::size_t listed = 0;
    for (std::size_t s = 0; s < seeds.size(); ++s) {
      for (const Listed& variant : variants) {
        if (!std::ranges::count(variant.seeds, seeds[s])) continue;
        const std::size_t place = listed++;
        if (place >= ids.size() || s >= variant.wanted) continue;
        const auto& id = ids[place].get_ref<const std::string&>();
        trials.push_back({.trial_id = id,
                          .variant_id = variant.id,
                          .variant_label = variant.label,
                          .seed = seeds[s],
                          .epochs = variant.epochs,
                          .folder = folder / id});
      }
    }
    if (ids.size() != listed) {
      throw core::UserError(fmt::format("{}: no study file: {} trials of {} variants and {} seeds",
                                        file.string(), ids.size(), variants.size(), seeds.size()));
    }
  } catch (const Json::exception& error) {
    throw core::UserError(fmt::format("{}: no study file: {}", file.string(), core::json_problem(error)));
  }
  return trials;
}

std::vector<ListedTrial> list_trials(const std::filesystem::path& runs, const std::string& study) {
  const std::filesystem::path folder = study_folder(runs, study);
  return planned_trials(folder, trial::read_study(folder));
}

std::filesystem::path find_trial(const std::filesystem::path& runs, const std::string& argument) {
  if (std::filesystem::exists(std::filesystem::path(argument) / core::kTrialFile)) return argument;
  std::vector<std::filesystem::path> found;
  for (const auto& folder : all_trial_folders(runs)) {
    if (folder.filename().string().starts_with(argument)) found.push_back(folder);
  }
  const auto same_work = [&](const auto& folder) { return folder.filename() == found.front().filename(); };
  if (!found.empty() && !argument.empty() && std::all_of(found.begin(), found.end(), same_work)) {
    // Several studies may have run one trial; the same id is the same work, so a complete one stands for all.
    const auto complete = std::find_if(found.begin(), found.end(), [](const auto& folder) {
      return trial::read_trial_standing(folder).status == core::TrialStatus::kComplete;
    });
    return complete == found.end() ? found.front() : *complete;
  }
  if (found.empty()) {
    throw core::UserError(fmt::format("no trial under {} begins with \"{}\"; segbench status lists them",
                                      runs.string(), argument));
  }
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < std::min<std::size_t>(found.size(), 5); ++i) ids.push_back(found[i].filename());
  throw core::UserError(fmt::format("{} trials begin with \"{}\": {}{}", found.size(), argument,
                                    fmt::join(ids, ", "), found.size() > ids.size() ? ", …" : ""));
}

}  // namespace segbench::run
