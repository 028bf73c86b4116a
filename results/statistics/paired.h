// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "results/statistics/summary.h"

// Comparisons of two variants whose trials are paired by seed. `differences` are candidate minus reference.

namespace segbench::statistics {

/// Fewer pairs than this never make a verdict.
inline constexpr std::int64_t kLeastSeeds = 3;
/// The exact sign-flip test goes through 2^n sign vectors; above this n it is not computed.
inline constexpr std::size_t kMostSignFlips = 24;

/// candidate - reference for every seed that both have, in the order of the seeds.
std::vector<double> differences_by_seed(const std::map<std::uint64_t, double>& candidate,
                                        const std::map<std::uint64_t, double>& reference);

/// Student's t test of a zero mean difference. Undefined below two pairs and when all differences are equal.
struct PairedT {
  double t = 0, df = 0, p_two_sided = 0;
};
std::optional<PairedT> paired_t(std::span<const double> differences);

/// The exact permutation test over all 2^n sign vectors, the identity included (Fisher, "The Design of
/// Experiments", 1935): p_two_sided is the share with |mean| >= |observed|, p_greater that with mean >=
/// observed. With n pairs p_two_sided cannot fall below 2 / 2^n. Undefined for no pairs and for more than
/// kMostSignFlips.
struct SignFlip {
  std::int64_t sign_vectors = 0;
  double p_two_sided = 0, p_greater = 0;
};
std::optional<SignFlip> sign_flip(std::span<const double> differences);

/// Cohen's d_z = mean / sd of the differences, and Hedges' g_z = J(n - 1) d_z with the exact
/// J(f) = Gamma(f/2) / (sqrt(f/2) Gamma((f-1)/2)) (Hedges 1981). g_z needs three pairs.
struct EffectSize {
  double dz = 0;
  std::optional<double> gz;
};
std::optional<EffectSize> effect_size(std::span<const double> differences);

/// Hedges' g of two unpaired samples: J(n_x + n_y - 2) (mean_x - mean_y) / sqrt((s_x^2 + s_y^2) / 2).
std::optional<double> hedges_g(std::span<const double> x, std::span<const double> y);

/// Two one-sided paired t tests (Schuirmann 1987) against a margin: `p_not_worse` of the hypothesis that the
/// mean difference is -margin or less, `p_not_better` that it is margin or more, and the larger of the two,
/// which is that of equivalence. Undefined below two pairs and without spread.
struct MarginTest {
  double p_not_worse = 0, p_not_better = 0, p_equivalent = 0;
};
std::optional<MarginTest> margin_test(std::span<const double> differences, double margin);

}  // namespace segbench::statistics
