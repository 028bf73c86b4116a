// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

// Tests and effect sizes that use order alone.

namespace segbench::statistics {

/// Ranks from 1, equal values sharing the mean of theirs.
std::vector<double> mid_ranks(std::span<const double> values);

/// Wilcoxon's signed-rank test of paired differences, exact: zero differences are dropped, the sizes get
/// mid-ranks, and p is the fraction of all 2^n sign assignments whose W+ lies as far from its expectation,
/// ties or not. Differences are rounded to 12 decimals first, so that rounding breaks no ties.
struct Wilcoxon {
  double w_plus = 0, w_minus = 0;
  std::int64_t n_nonzero = 0;
  double p_two_sided = 1;
};
/// Undefined where no difference is left, and above 1,000.
std::optional<Wilcoxon> wilcoxon(std::span<const double> differences);

/// P(X > Y) + P(X = Y) / 2 over all pairs of the two samples: Vargha and Delaney's A12 (2000), the
/// probability of improvement of Agarwal et al. (2021). Undefined for an empty sample.
std::optional<double> vargha_delaney_a12(std::span<const double> x, std::span<const double> y);
/// Cliff's delta (1993): 2 A12 - 1.
std::optional<double> cliffs_delta(std::span<const double> x, std::span<const double> y);

/// Welch's t test of two unpaired samples (1947). Undefined below two values each and without spread.
struct Welch {
  double t = 0, df = 0, p_two_sided = 0;
};
std::optional<Welch> welch_t(std::span<const double> x, std::span<const double> y);

/// Mann and Whitney's U test (1947) of two unpaired samples: U counts the pairs in which x is larger, ties
/// half. Exact by all assignments of the ranks where no values tie, else by the normal distribution with the
/// variance corrected for ties and no continuity correction. Undefined for an empty sample and where all
/// values tie.
struct MannWhitney {
  double u = 0, p_two_sided = 1;
  bool is_exact = true;
};
std::optional<MannWhitney> mann_whitney(std::span<const double> x, std::span<const double> y);

/// Pearson's correlation of the mid-ranks (Spearman 1904). Undefined below two pairs and where one side ties.
std::optional<double> spearman(std::span<const double> x, std::span<const double> y);
/// Kendall's tau-b (1945), which takes ties into account. Undefined as above.
std::optional<double> kendall_tau_b(std::span<const double> x, std::span<const double> y);

}  // namespace segbench::statistics
