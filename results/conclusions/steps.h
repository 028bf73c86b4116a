// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "results/conclusions/conclusions.h"

// The steps of conclude(), each in a file of its own. Each reads what the steps before it have filled in.

namespace segbench::conclusions {

// trials.cpp
/// Every recorded trial, as a line of the list of trials.
std::vector<TrialLine> list_trials(const StudyInputs& inputs, const Conclusions& model);

// leaderboard.cpp
/// The variants of the plan with what their trials give: best mean first, those without a score last, in the
/// order of the experiment file.
std::vector<Entry> rank_variants(const StudyInputs& inputs, const Conclusions& model);

// exclusions.cpp
/// Every trial that no score stands on: failed, interrupted, running, never started, or no longer planned.
std::vector<Excluded> list_excluded(const StudyInputs& inputs, const Conclusions& model);
/// Failed attempts of trials that are complete now.
std::vector<FailedAttempt> list_failed_attempts(const StudyInputs& inputs, const Conclusions& model);
/// Fills in planned, complete and failed of the model and of each entry.
void count_trials(Conclusions& model, const StudyInputs& inputs);

// curves.cpp
std::vector<Curve> loss_curves(const StudyInputs& inputs, const Conclusions& model);
std::vector<Curve> score_curves(const StudyInputs& inputs, const Conclusions& model);
std::vector<ThresholdCurve> threshold_curves(const StudyInputs& inputs, const Conclusions& model);

// confusions.cpp
/// The confusions of every variant whose trials store them.
std::vector<ClassConfusion> sum_confusions(const StudyInputs& inputs, const Conclusions& model);

// evidence.cpp
/// Tests of every pair of `to_best`, which are corrected for all pairs of variants.
void test_pairs(Conclusions& model);
/// Adds what tests and the images of both say to a pair whose differences are of `metric`: its interval has
/// `level`, and images count where the metric is one of counts. `class_index` >= 0: the IoU of that class.
void weigh(PairedDifference& pair, const StudyInputs& inputs, const Conclusions& model,
           const std::string& metric, int class_index, double level);

// verdicts.cpp
/// Every scored variant that is comparable with the first one, minus it.
std::vector<PairedDifference> differences_to_best(const StudyInputs& inputs, const Conclusions& model);
Verdict judge(const StudyInputs& inputs, const Conclusions& model);

// say_search.cpp
/// Of a study that searches: what it has chosen, in the place of a comparison on the test split.
Verdict say_choice(const Conclusions& model);

// claims.cpp
std::vector<ClaimResult> judge_claims(const StudyInputs& inputs, const Conclusions& model);

// published.cpp
/// Every published number of the study beside ours, and whether the two agree.
std::vector<PublishedNumber> published_numbers(const StudyInputs& inputs, const Conclusions& model);

// ranking.cpp
std::optional<Ranking> rank_by_seed(const StudyInputs& inputs, const Conclusions& model);

// fronts.cpp
std::vector<Front> find_fronts(const Conclusions& model);

// sealing.cpp
/// Whether what is claimed was written down before the trials ran; "" where nothing is claimed or sealed.
std::string say_sealing(const StudyInputs& inputs);

// warnings.cpp
/// All that the audit, the plan, the run and the trials warned of, and what follows from comparing them.
std::vector<ReportWarning> list_warnings(const StudyInputs& inputs, const Conclusions& model);

// comparison_warnings.cpp
/// What limits every comparison of these trials.
std::vector<ReportWarning> comparison_warnings(const StudyInputs& inputs, const Conclusions& model);

}  // namespace segbench::conclusions
