// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/json.h"
#include "harness/core/trial.h"
#include "harness/core/warning.h"
#include "harness/data/data_set.h"
#include "harness/study/study.h"

namespace segbench::run {

struct PlannedTrial {
  core::TrialSpec spec;
  std::filesystem::path folder;  ///< runs/<study>/trials/<trial id>
};

struct StudyPlan {
  std::filesystem::path folder;  ///< runs/<study>
  std::vector<PlannedTrial>
      trials;  ///< seed-major: every variant with the first seed, then with the second, …
};

/// The data of each variant of a study, in the order of its variants; variants with equal [data] share one.
using StudyData = std::vector<std::shared_ptr<const data::PreparedData>>;

std::filesystem::path study_folder(const std::filesystem::path& runs, const std::string& study);

/// Every trial of the study. An interrupted study is comparable as far as it got, because the seeds are its
/// outer order.
StudyPlan plan_study(const study::Study& study, const StudyData& data, const std::filesystem::path& runs);

/// Audits and prepares the data of every variant under `cache_root`. Throws core::UserError (exit code
/// core::kAuditRefused) with the refusals of all of them.
StudyData prepare_study_data(const study::Study& study, const std::filesystem::path& cache_root,
                             const data::Progress& progress = {});

/// Creates the trial's folder and trial.json. One that is there already and differs is replaced: the study
/// may call the trial otherwise now, its data may lie elsewhere, or the file was damaged or edited (equal ids
/// stand for equal work). Returns true when it was written.
bool write_trial_spec(const PlannedTrial& trial);

/// The content of study.json (core/study_file.h), with an object "environment" that tells where it was run.
/// `command` is the command line that runs the study.
core::Json describe_study(const study::Study& study, const StudyPlan& plan, const StudyData& data,
                          const std::string& command);

/// Tells when the folder of the study belongs to another experiment file of the same name. The same file,
/// edited or under another path, is no other one.
std::optional<core::Warning> namesake_warning(const study::Study& study,
                                              const std::filesystem::path& study_folder);

/// Removes what a refused study left in its new folder and in a new cache: locks and empty folders, nothing
/// else.
void remove_traces(const std::filesystem::path& study_folder, const std::filesystem::path& cache_root);

/// Creates `folder` and makes sure that a megabyte can be written to it. Throws core::UserError when the disk
/// is full or the folder may not be written.
void require_writable(const std::filesystem::path& folder);

}  // namespace segbench::run
