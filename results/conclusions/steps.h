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

// verdicts.cpp
/// Every scored variant that is comparable with the first one, minus it.
std::vector<PairedDifference> differences_to_best(const StudyInputs& inputs, const Conclusions& model);
Verdict judge(const Conclusions& model);

// claims.cpp
std::vector<ClaimResult> judge_claims(const StudyInputs& inputs, const Conclusions& model);
std::vector<PublishedNumber> published_numbers(const StudyInputs& inputs, const Conclusions& model);

// warnings.cpp
/// All that the audit, the plan, the run and the trials warned of, and what follows from comparing them.
std::vector<ReportWarning> list_warnings(const StudyInputs& inputs, const Conclusions& model);

// comparison_warnings.cpp
/// What limits every comparison of these trials.
std::vector<ReportWarning> comparison_warnings(const StudyInputs& inputs, const Conclusions& model);

}  // namespace segbench::conclusions
