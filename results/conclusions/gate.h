// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "results/conclusions/conclusions.h"

// `segbench check`: whether all that was claimed holds, and whether anything has become worse.

namespace segbench::conclusions {

/// A claim with its conditions: it holds when all of them do (an intersection-union test, which needs no
/// correction for their number).
struct GateItem {
  std::string name;     ///< "claim 2", "baseline"
  std::string outcome;  ///< held | refuted | not comparable | inconclusive
  std::vector<ClaimResult> conditions;
};

struct Gate {
  std::string study;
  std::vector<std::string> allowed;  ///< keys of facets() that were waived
  std::vector<GateItem> items;
};

/// The worst outcome: refuted, then not comparable, then inconclusive; "held" when there is nothing else.
std::string outcome_of(const Gate& gate);
/// core::kSuccess, kTrialFailed (refuted), kNotComparable or kInconclusive.
int exit_code_of(const Gate& gate);

/// The claims of the conditions, by number.
std::vector<GateItem> items_of(const std::vector<ClaimResult>& claims);

/// Conditions "VARIANT is not worse than in the baseline by more than `margin`", one a variant that both
/// have, paired by seed. Variants are the same where their ids are, else where their labels are.
std::vector<ClaimResult> against_baseline(const StudyInputs& now, const StudyInputs& baseline,
                                          const Options& options, double margin);

core::Json to_json(const Gate& gate);
/// JUnit's XML as CI systems read it: a test case an item; refuted is a failure, what could not be decided is
/// an error.
std::string to_junit(const Gate& gate);

}  // namespace segbench::conclusions
