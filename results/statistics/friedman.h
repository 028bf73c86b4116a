// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

namespace segbench::statistics {

/// Scores [block][treatment]: variants (treatments) on data sets or seeds (blocks).
using Blocks = std::vector<std::vector<double>>;

/// Friedman's test (1937) that no treatment is better, with correction for ties; Iman and Davenport's F of it
/// (1980), and Kendall's W = chi2 / (N (k - 1)).
struct Friedman {
  std::vector<double> average_ranks;  ///< 1: the largest score in every block
  double chi2 = 0, df = 0, p = 1;
  std::optional<double> iman_davenport, p_iman_davenport;  ///< undefined where the rankings agree entirely
  double kendalls_w = 0;
};
/// Undefined below two blocks or treatments, and where every block is one tie.
std::optional<Friedman> friedman(const Blocks& scores);

/// The quantile 1 - `alpha` of the studentized range of `k` treatments with infinite degrees of freedom, over
/// sqrt(2): Nemenyi's critical value (Demšar, JMLR 7, 2006).
double nemenyi_q(std::size_t k, double alpha = 0.05);
/// Average ranks that differ by at least this over `blocks` blocks differ: q sqrt(k (k + 1) / (6 N)).
double critical_difference(std::size_t k, std::size_t blocks, double alpha = 0.05);
/// p values of all pairs of treatments.
std::vector<std::vector<double>> nemenyi_p(const std::vector<double>& average_ranks, std::size_t blocks);

}  // namespace segbench::statistics
