// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "results/conclusions/conclusions.h"

// Does a difference hang on the test by which it is judged? The same scores by tests that assume other
// things.

namespace segbench::conclusions {

/// One variant against the leader, over seeds alone. Undefined where a test needs more seeds.
struct Sensitivity {
  std::string variant;
  std::size_t seeds = 0;                   ///< in common
  std::optional<double> mean, median;      ///< of the differences
  std::optional<double> trimmed_mean;      ///< a tenth left out at each end
  std::optional<double> median_deviation;  ///< median distance from the median
  std::optional<Interval> bca;             ///< bootstrap of the mean, bias-corrected and accelerated
  // Two-sided p values: paired by seed …
  std::optional<double> p_t, p_sign_flip, p_wilcoxon;
  // … as if the seeds had nothing in common …
  std::optional<double> p_welch, p_mann_whitney;
  // … corrected for all variants: the expected share of false alarms (Benjamini and Hochberg), and of
  // equivalence within the margin that the experiment file declares.
  std::optional<double> p_false_discovery, p_equivalent;
  std::optional<double> d_z, g_z, hedges_g, cliffs_delta;
  std::size_t told_apart = 0, tests = 0;  ///< by so many of the five tests, at 5 %
};

/// Every variant of Conclusions::to_best.
std::vector<Sensitivity> sensitivity_of(const Conclusions& model);

/// Whether the order of the variants on the selection split is that on the scored one: rank correlations of
/// their means (Spearman 1904, Kendall 1945). Empty below three variants.
struct RankAgreement {
  double spearman = 0, kendall = 0;
  std::size_t variants = 0;
};
std::optional<RankAgreement> rank_agreement(const Conclusions& model);

}  // namespace segbench::conclusions
