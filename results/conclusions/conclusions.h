// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/counts.h"
#include "harness/core/json.h"
#include "harness/core/warning.h"
#include "results/conclusions/inputs.h"
#include "results/conclusions/search.h"
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
  std::string imported_from;  ///< where its predictions were imported from; "": it was trained here
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
  std::vector<MetricScore> recorded;  ///< every measure of the trials as a whole, those two included
  std::string basis;                  ///< what its scores refer to (basis_of); "" without a complete trial
  std::string shown_trial;            ///< whose predictions are shown: the median score (lower one of two)
};

/// What tests and resamples say of a paired difference, beside its t interval over seeds.
struct Evidence {
  double level = kConfidence;        ///< of `interval`
  std::optional<Interval> interval;  ///< of the mean difference, by which it is judged
  std::size_t images = 0;            ///< that `interval` takes in besides seeds; 0: seeds alone
  /// Fractions of the variance of the mean difference that come from seeds, from images and from both
  /// together.
  std::optional<double> from_seeds, from_images, from_both;
  std::optional<double> p_t, p_sign_flip, p_wilcoxon;  ///< two-sided
  std::optional<double> p_holm;                        ///< p_t, corrected for all pairs of variants
  std::optional<double> effect;                        ///< Cohen's d_z
  std::optional<double> improvement;                   ///< P(candidate > reference), unpaired: A12
  std::optional<std::int64_t> seeds_to_decide;         ///< in all, where it is undecided so far
};

/// Candidate minus reference, seed by seed.
struct PairedDifference {
  std::string candidate, reference;  ///< variant ids
  std::vector<std::uint64_t> seeds;
  std::vector<std::string> candidate_trials, reference_trials;
  Quantity difference;  ///< its `trials` are those of the candidate
  Evidence evidence;
};

enum class Standing {
  kNothingToCompare,
  kNotComparable,
  kTooFewSeeds,
  kBetter,        ///< the leader than the next one
  kEquivalent,    ///< within the margin that the experiment file declares
  kInconclusive,  ///< these trials do not tell
};
/// "nothing to compare", "not comparable", "too few seeds", "better", "equivalent within margin",
/// "inconclusive".
const char* to_string(Standing standing);

/// What the leaderboard allows to say.
struct Verdict {
  Standing standing = Standing::kNothingToCompare;
  std::string headline;              ///< one sentence
  std::vector<std::string> remarks;  ///< what limits it
  std::string leader;                ///< variant id; "" when there is none
  std::optional<PairedDifference> to_runner_up;
};

/// One condition of a claim of the experiment file. A claim with several holds when all of them do.
struct ClaimResult {
  std::size_t claim = 0;  ///< number of the claim in the file, from 1
  std::string text;       ///< the condition as a sentence
  std::string metric;     ///< key of the measure; "iou" of a class
  std::string class_name;
  std::string candidate, reference;  ///< variant ids; "" when no variant fits
  bool is_share = false;             ///< the difference is the share of the reference's cost that is saved
  std::optional<double> margin;      ///< in the metric's units, or a share
  Quantity candidate_score, reference_score;
  std::optional<PairedDifference> difference;
  std::string outcome;  ///< held | refuted | inconclusive | not decided | not comparable
  std::string why;      ///< the rule that gave the outcome, with its numbers
};

/// Ours in the place of a published number, by one variant and one way of scoring it.
struct Replication {
  std::string variant;               ///< id
  std::string by;                    ///< key of a measure, or name of a convention
  Quantity ours;                     ///< n, mean and interval of our trials
  std::optional<Interval> expected;  ///< where such a number of further trials lies, 95 times of 100
  std::string outcome;               ///< agrees | differs | not decided | not measured
};

/// A published number beside ours.
struct PublishedNumber {
  std::string what;  ///< the configuration as the authors name it
  std::string metric, source, note;
  std::optional<double> value;
  std::string variant;  ///< id of ours; "" when the study has none
  Quantity ours;
  /// First that by the metric, then those by what the experiment file names as causes: the convention, other
  /// variants, and both.
  std::vector<Replication> replications;
  /// agrees | disagrees | explained by its convention | explained by another variant | not decided | not
  /// judged
  std::string outcome;
  std::string sentence;  ///< the outcome with its numbers
};

/// A variant that can no longer win.
struct Drop {
  std::string variant, by;          ///< ids; by "": it has fewer than three complete trials
  std::optional<Interval> deficit;  ///< of `by` over `variant`
};

/// What one look at a study decided.
struct LookTaken {
  std::size_t seeds = 0;            ///< the first ones, that it stands on
  double alpha = 0;                 ///< of the allowed error that it spent
  double pair_level = kConfidence;  ///< of the interval of each pair
  std::vector<Drop> dropped{};
  std::vector<std::string> remaining{};  ///< ids
  std::string leader{};                  ///< "" where nothing is left
  bool decided = false;
  std::vector<std::string> trials{};
  std::string recorded{};  ///< when it was written down (UTC); "": not yet
};

/// A study to which seeds are added until it is decided which variant is best (sequential.h).
struct Sequential {
  std::string metric;
  std::size_t variants = 0;          ///< that take part
  std::vector<std::size_t> planned;  ///< seeds after which it is looked at
  std::vector<LookTaken> looks{};    ///< that were taken, or can be
  bool is_over = false;
  std::vector<std::size_t> contradicted{};  ///< seeds of recorded looks that do not follow from their trials
};

/// The variants ranked seed by seed, and whether their ranks differ at all (Friedman's test).
struct Ranking {
  struct Line {
    std::string variant;
    double average_rank = 0;  ///< 1: the best of every seed
  };
  std::vector<Line> lines;  ///< best first
  std::size_t seeds = 0;    ///< that all of them have
  double p = 1;
  double critical_difference = 0;  ///< of average ranks, at 5 % (Nemenyi)
};

/// Which variants no other one beats in a cost and the score at once.
struct Front {
  struct Line {
    std::string variant;
    double cost = 0, score = 0;
    bool is_on = false;      ///< by the means
    double probability = 0;  ///< of being on it, when the seeds are drawn anew
  };
  std::string cost;         ///< key of the measure
  std::vector<Line> lines;  ///< by cost
  std::vector<std::string> trials;
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

struct ThresholdPoint {
  double threshold = 0;
  std::optional<double> mean;  ///< of the trials that define it
  std::size_t chosen = 0;      ///< trials that chose it
};

/// The score on the selection split over the threshold of a variant's probabilities.
struct ThresholdCurve {
  std::string variant, metric;
  std::vector<std::string> trials;
  std::vector<ThresholdPoint> points;  ///< ascending
};

/// Which classes the trials of a variant take for which: pixels of all their images on the report's split.
struct ClassConfusion {
  std::string variant;
  std::vector<std::string> trials, classes;
  core::Confusion pixels;
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
  std::optional<double> margin;      ///< declared in the experiment file: smaller differences count as none
  std::vector<std::string> allowed;  ///< Options::allowed
  std::int64_t planned = 0, complete = 0;
  std::int64_t left_out = 0;  ///< trials of earlier forms of the study, which nothing here stands on
  std::vector<ReportWarning> warnings;  ///< what a reader must know before trusting the verdict
  /// Groups of variants that are scored on the same images, one line each (comparability.h); empty when all
  /// are in one.
  std::vector<std::string> not_comparable;
  std::vector<std::string> not_comparable_in;  ///< keys of the facets() in which they differ
  Verdict verdict;
  std::vector<ClaimResult> claims;
  std::string sealing;  ///< whether they were written down before the trials ran, as a sentence; may be ""
  std::optional<SearchResult> search{};  ///< of a study that searches
  /// Best mean first, of a search by the selection split, by which it chooses; variants without a score last.
  std::vector<Entry> leaderboard;
  std::vector<PublishedNumber> published;
  std::vector<PairedDifference> to_best;         ///< every other variant minus the leader
  std::optional<Sequential> sequential;          ///< of a study with such a rule
  std::optional<Ranking> ranking;                ///< of three variants or more with three common seeds
  std::vector<Front> fronts;                     ///< of size and of training time
  std::vector<Curve> loss_curves, score_curves;  ///< training loss; the metric on the selection split
  std::vector<ThresholdCurve> threshold_curves;  ///< of variants that searched for one
  std::vector<ClassConfusion> confusions;        ///< in the order of the leaderboard
  std::vector<Excluded> excluded;
  std::vector<FailedAttempt> failed_attempts;
  core::Background background = core::kFirstClass;  ///< common_background()
  std::vector<TrialLine> trials;
  /// Indices of the used ones of `trials`, by variant; inputs.trials has the same order.
  std::map<std::string, std::vector<std::size_t>> used;
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
core::Json claim_json(const ClaimResult& claim);
core::Json quantity_json(const Quantity& quantity);
core::Json difference_json(const PairedDifference& difference);

}  // namespace segbench::conclusions
