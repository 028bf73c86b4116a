// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "harness/core/json.h"
#include "harness/run/halving.h"
#include "harness/run/job.h"
#include "harness/run/study_plan.h"
#include "harness/study/study.h"

// A search while it runs: which trial is next, which draws go on, which one is chosen. All of it follows from
// what the trials' logs say of the selection split, so that a search that was killed goes on as if it had not
// been.

namespace segbench::run {

/// One trial of a draw, as far as the search decides by it.
struct SearchTrial {
  std::vector<RungScore> scores;  ///< [rungs]
  bool is_begun = false;
  bool has_failed = false, has_diverged = false;
  double seconds = 0;  ///< that all attempts at it took
};

/// Reads it from the trial's logs: at a rung the score of the epoch that would be selected so far, at the
/// last one that of the complete trial. `rungs`: epochs of each; `may_retry`: a failure is none yet.
SearchTrial read_search_trial(const core::TrialSpec& spec, const std::filesystem::path& folder,
                              const std::vector<std::int64_t>& rungs, bool may_retry);

/// Gives the trials of a search one by one.
class SearchCourse {
 public:
  /// `trials` are those of the plan; `jobs` those that may be run, by trial id.
  SearchCourse(const study::Study& study, const StudyPlan& plan, const std::vector<Job>& jobs);

  SearchCourse(const SearchCourse&) = delete;
  SearchCourse& operator=(const SearchCourse&) = delete;

  /// The next job: of draws that go on, those of the highest rung first; then a new draw, as long as the
  /// budget allows. Training pauses at the draw's rung. Looks first.
  std::optional<Job> next();
  /// Decides anew by the logs as they are now, and writes record() to search.json (core/study_file.h) where
  /// it has changed.
  void look();
  /// What was decided:
  ///
  ///     {"schema": 1, "metric", "rungs": [epochs, …], "finished": bool,
  ///      "draws": [{"variant", "label", "scores": [number | null, …] (of the rungs that are known)}, …],
  ///      "promotions": [{"variant", "after_epoch", "to_epoch", "score", "rank", "of"}, …],
  ///      "chosen": {"variant", "label", "score"} | null}
  ///
  /// A score is the mean over seeds; of a draw that has failed, or was not scored, null.
  core::Json record() const;
  /// Trials that the search does not want complete: that pause at a rung, were never begun or have diverged.
  std::set<std::string> unwanted() const;

 private:
  struct Draw {
    std::string variant, label;
    std::vector<const PlannedTrial*> trials;
  };
  void read_trials();
  bool is_out_of_time() const;

  study::Search search_;
  std::string metric_;
  bool higher_is_better_ = true;
  std::vector<std::int64_t> rungs_;  ///< the epochs of each; one of all of them where nothing is halved
  StudyPlan plan_;
  std::vector<Draw> draws_;
  std::map<std::string, Job> jobs_;
  std::map<std::string, std::size_t> given_;  ///< up to which rung a trial was given out
  /// What was read of a trial, with the bytes of its logs and whether it might be tried again.
  std::map<std::string, std::tuple<std::uintmax_t, bool, SearchTrial>> known_;
  std::vector<std::vector<SearchTrial>> trials_;  ///< [draws][seeds]
  Halving halving_;
};

/// Takes the jobs of draws out of an agenda.
std::vector<Job> take_draws(std::vector<Job>& jobs, const study::Study& study, const StudyPlan& plan);

/// Throws core::UserError where a search cannot be chosen by: its data have no selection split.
void check_search(const study::Study& study, const StudyData& data);
/// Throws core::UserError where the study decides while it runs, for commands that hand trials to others.
void refuse_deciding(const study::Study& study, const std::string& command);

}  // namespace segbench::run
