// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "results/store/records.h"

namespace segbench::store {

class Connection;

/// `results.sqlite`: a projection of the trials' logs, which can be rebuilt from them at any time. The schema
/// and its views are documented in docs/schema.md. All SQLite errors are thrown as core::UserError naming the
/// file.
class Store {
 public:
  /// Opens for writing; creates the file and its folder, migrates an older schema. A newer schema is refused.
  /// Waits `patience` for another process's write, here and in what is done with the store.
  static Store open(const std::filesystem::path& file,
                    std::chrono::milliseconds patience = std::chrono::seconds(10));
  /// Opens for reading; throws core::UserError when there is none.
  static Store open_read_only(const std::filesystem::path& file);
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  /// Replaces all that is known of the trial by what its folder says, in one transaction. `runs` is the
  /// folder that stored paths are relative to. Damaged log lines are skipped and returned as warnings. A
  /// trial that the store has from another folder, which is still there, stays when it is complete and this
  /// one is not, or when both are alike and it lies in its study's own folder.
  std::vector<std::string> import_trial(const std::filesystem::path& trial_folder,
                                        const std::filesystem::path& runs);
  /// Inserts or replaces a study's description from its study.json (study_file.h). Planned trials that are
  /// not in the store become pending. Throws core::UserError naming the file when it is no study file.
  void import_study(const std::filesystem::path& study_folder);
  /// Replaces all that is known of a profile's session by what its log says. Returns what is damaged in it.
  std::vector<std::string> import_profile(const std::filesystem::path& session_folder,
                                          const std::filesystem::path& runs);
  /// The folders of the profiles' sessions, relative to the runs folder, with the bytes of their logs as they
  /// were taken in.
  std::map<std::string, std::int64_t> profiles() const;
  /// What the networks of a study's trials took in all profiles, the newest session first; rows that failed
  /// are left out.
  std::vector<LatencyRecord> latencies(std::string_view study) const;
  /// Forgets trials and studies whose folder is no longer there.
  void prune(const std::filesystem::path& runs);

  std::vector<std::string> study_names() const;
  std::vector<StudyRecord> studies() const;
  /// Empty when there is none of this name.
  std::optional<StudyRecord> study(std::string_view name) const;
  /// Every trial that has a folder, by its folder.
  std::unordered_map<std::string, KnownTrial> known_trials() const;
  /// Notes that trials, by their numbers, are known as they are with these stamps.
  void keep_stamps(const std::vector<std::pair<std::int64_t, trial::LogStamp>>& stamps);
  /// What each study was defined by when it was last taken in (StudyRecord::study), as text.
  std::map<std::string, std::string> definitions() const;
  /// All trials that a study plans, by variant label and seed. Trials of earlier forms of its experiment
  /// file, which may lie in the same folder, are left out here and in all views (StudyRecord::left_out counts
  /// them).
  std::vector<TrialRecord> trials(std::string_view study) const;
  /// The trial whose id begins with `prefix`; throws core::UserError when none or several do.
  TrialRecord trial(std::string_view prefix) const;
  /// The warnings of a study and of its planned trials.
  std::vector<WarningRecord> warnings(std::string_view study) const;
  std::vector<EpochRecord> epochs(std::string_view trial_id) const;
  /// Every attempt at a trial and how it ended, in order.
  std::vector<AttemptRecord> attempts(std::string_view trial_id) const;
  /// Every evaluation of a trial, by epoch and split.
  std::vector<EvaluationRecord> evaluations(std::string_view trial_id) const;
  /// The final evaluation of every complete planned trial of a study on one split, in one query.
  std::vector<EvaluationRecord> final_evaluations(std::string_view study, std::string_view split) const;
  /// The evaluations that scores are read from, of every planned trial of a study, by trial id: final ones,
  /// or that of the selected epoch on a split which has none; with `every_epoch` all. Without confusions.
  /// `split`: of this one alone; "": of both.
  std::map<std::string, std::vector<EvaluationRecord>> scored_evaluations(std::string_view study,
                                                                          std::string_view split,
                                                                          bool every_epoch) const;
  /// Epochs, attempts and evaluations of every planned trial of a study, each in one query, by trial id.
  struct StudyLogs {
    std::map<std::string, std::vector<EpochRecord>> epochs;
    std::map<std::string, std::vector<AttemptRecord>> attempts;
    std::map<std::string, std::vector<EvaluationRecord>> evaluations;
    std::map<std::string, std::vector<ThresholdRecord>> thresholds;  ///< that were tried, ascending
  };
  StudyLogs logs(std::string_view study) const;
  /// What a trial's final evaluations measured beside counts, by split and key.
  std::vector<MeasureRecord> measures(std::string_view trial_id) const;
  /// The images of a trial's final evaluation, by index.
  std::vector<ImageRecord> images(std::string_view trial_id, std::string_view split) const;

 private:
  explicit Store(std::unique_ptr<Connection> connection);
  std::unique_ptr<Connection> connection_;
};

}  // namespace segbench::store
