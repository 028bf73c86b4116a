// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/json.h"
#include "harness/core/warning.h"
#include "results/conclusions/inputs.h"
#include "results/statistics/summary.h"

// What follows from a study's trials, as plain data: who leads, by how much, what was claimed and what
// weakens it. Commands and reports only show it. Every number carries the ids of the trials that it came
// from; an undefined number is std::nullopt and says why.

namespace segbench::conclusions {

inline constexpr double kConfidence = 0.95;         ///< of every interval
inline constexpr std::size_t kSeedsForVerdict = 3;  ///< below, nothing is judged

using statistics::Interval;

/// One quantity over several trials: each trial's value and what follows from them.
struct Quantity : statistics::Summary {
  std::vector<std::string> trials;  ///< ids of the trials that have a value, by seed
  std::vector<double> values;       ///< one a trial
  std::optional<double> best,
      worst;  ///< the largest value and the smallest, or where small is good the other way
  std::optional<double> expected_best;  ///< expected best of n draws from the values (Dodge et al. 2019)
  std::string why_undefined;            ///< "" when all of this is defined
};

/// IoU of one class.
struct ClassScore {
  std::string name;
  Quantity iou;
};

/// The score of a metric other than the report's own.
struct MetricScore {
  std::string key;
  Quantity summary;
};

/// One variant, as a line of the leaderboard.
struct Entry {
  std::string id, label;
  core::Json axes = core::Json::object();
  std::int64_t planned = 0, complete = 0, failed = 0;
  Quantity score;      ///< the report's metric on the report's split, weights as selected
  Quantity selection;  ///< the same on the selection split
  Quantity gap;        ///< selection minus score, trial by trial: what choosing the epoch flattered
  std::vector<MetricScore>
      metrics;  ///< every metric of core::kMetrics that a trial has on the report's split
  std::vector<ClassScore> classes;
  std::optional<std::int64_t> parameters, trainable_parameters, macs;
  std::vector<std::string> size_trials;  ///< the trials that recorded parameters and MACs
  Quantity train_seconds, peak_memory_bytes;
  std::string shown_trial;  ///< whose predictions are shown: the median score (lower one of two)
};

/// Candidate minus reference, seed by seed.
struct PairedDifference {
  std::string candidate, reference;  ///< variant ids
  std::vector<std::uint64_t> seeds;
  std::vector<std::string> candidate_trials, reference_trials;
  Quantity difference;  ///< its `trials` are those of the candidate
};

enum class Standing { kNothingToCompare, kNotComparable, kTooFewSeeds, kAhead, kNotSeparated };
/// "nothing to compare", "not comparable", "too few seeds", "ahead", "not separated".
const char* to_string(Standing standing);

/// What the leaderboard allows to say.
struct Verdict {
  Standing standing = Standing::kNothingToCompare;
  std::string headline;              ///< one sentence
  std::vector<std::string> remarks;  ///< what limits it
  std::string leader;                ///< variant id; "" when there is none
  std::optional<PairedDifference> to_runner_up;
};

/// One claim of the experiment file on one pair of variants.
struct ClaimResult {
  std::string text;  ///< the claim as a sentence
  std::string metric;
  std::string candidate, reference;  ///< variant ids; "" when no variant fits
  bool is_share = false;             ///< the difference is the share of the reference's time that is saved
  std::optional<double> margin;      ///< in the metric's units, or a share
  Quantity candidate_score, reference_score;
  std::optional<PairedDifference> difference;
  std::string outcome;  ///< held | refuted | inconclusive | not decided
  std::string why;      ///< the rule that gave the outcome, with its numbers
};

/// A published number beside ours.
struct PublishedNumber {
  std::string what;  ///< the configuration as the authors name it
  std::string metric, source, note;
  std::optional<double> value;
  std::string variant;  ///< id of ours; "" when the study has none
  Quantity ours;
};

struct CurvePoint {
  std::int64_t epoch = 0;
  std::size_t n = 0;
  double mean = 0, low = 0, high = 0;  ///< low and high: the least and the greatest of the n trials
};

/// A quantity over the epochs.
struct Curve {
  std::string variant;
  std::vector<std::string> trials;
  std::vector<CurvePoint> points;
};

/// A trial that no score of the report stands on.
struct Excluded {
  std::string trial, variant_label;  ///< trial "" when it has never been started
  std::uint64_t seed = 0;
  std::string status, reason, message;
  std::int64_t attempts = 0, epochs_done = 0;
  std::vector<std::string> log_tail;
};

/// An attempt that failed at a trial that a later attempt completed.
struct FailedAttempt {
  std::string trial, variant_label;
  std::uint64_t seed = 0;
  std::int64_t attempt = 0, attempts = 0;  ///< which one, of how many
  std::string status, reason, message;
};

/// Something that weakens what the report says.
struct ReportWarning {
  core::Warning warning;
  std::string source;                 ///< audit | plan | run | trial | machine | comparison
  std::vector<std::string> variants;  ///< ids of those that it touches; empty: all
  std::vector<std::string> trials;    ///< that told it
  bool touches_scores = true;         ///< else only times and memory
};

/// A line of the list of trials.
struct TrialLine {
  std::string id, variant, variant_label, status;
  std::uint64_t seed = 0;
  bool used = false;  ///< complete and part of the plan
  std::optional<double> score, selection, train_seconds;
  std::optional<std::int64_t> selected_epoch, peak_memory_bytes;
  std::string weights_sha256, data_fingerprint, started, ended, folder;
  std::optional<std::string> verified;  ///< the grade that `segbench verify` found; empty: not verified
};

struct Conclusions {
  std::string study, question, metric, split;
  std::int64_t planned = 0, complete = 0;
  std::int64_t left_out = 0;  ///< trials of earlier forms of the study, which nothing here stands on
  std::vector<ReportWarning> warnings;  ///< what a reader must know before trusting the verdict
  /// Groups of variants that are scored on the same images, one line each (comparability.h); empty when all
  /// are in one.
  std::vector<std::string> not_comparable;
  Verdict verdict;
  std::vector<ClaimResult> claims;
  std::vector<Entry> leaderboard;  ///< best mean first; variants without a score last
  std::vector<PublishedNumber> published;
  std::vector<PairedDifference> to_best;         ///< every other variant minus the leader
  std::vector<Curve> loss_curves, score_curves;  ///< training loss; the metric on the selection split
  std::vector<Excluded> excluded;
  std::vector<FailedAttempt> failed_attempts;
  core::Background background = core::kFirstClass;  ///< common_background()
  std::vector<TrialLine> trials;
};

/// Throws core::UserError when the metric or the split is unknown.
Conclusions conclude(const StudyInputs& inputs, const Options& options = {});

core::Background common_background(const StudyInputs& inputs);

/// The metric that a report uses when none is named: the one that all variants select by, else mIoU without
/// background, or mIoU where the data have none.
std::string default_metric(const StudyInputs& inputs);

/// How many of the warnings touch the scores (or the times and memory) of one of these variants; with no
/// variant named, of any.
std::size_t warnings_about(const Conclusions& model, const std::vector<std::string>& variants,
                           bool about_scores = true);

/// What a reader of the leaderboard must know, one sentence each: what ranks, and which trials are missing.
std::vector<std::string> notes_on(const Conclusions& conclusions);

/// nullptr for the leader and for variants that are not compared with it.
const PairedDifference* difference_to_best(const Conclusions& conclusions, const std::string& variant_id);

/// "unet, fcn" or "all variants": whom a warning touches.
std::string subject_of(const ReportWarning& warning, const Conclusions& model);

/// nullptr when the leaderboard has no such variant.
const Entry* find_entry(const Conclusions& model, const std::string& variant_id);

core::Json to_json(const Conclusions& conclusions);

}  // namespace segbench::conclusions
