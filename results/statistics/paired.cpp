// SPDX-License-Identifier: MIT
#include "results/statistics/paired.h"

#include <algorithm>
#include <bit>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace segbench::statistics {
namespace {

/// Hedges' correction for small samples with `f` degrees of freedom; undefined below two.
std::optional<double> small_sample_correction(double f) {
  if (f < 2) return std::nullopt;
  return std::exp(std::lgamma(f / 2) - std::lgamma((f - 1) / 2)) / std::sqrt(f / 2);
}

}  // namespace

std::vector<double> differences_by_seed(const std::map<std::uint64_t, double>& candidate,
                                        const std::map<std::uint64_t, double>& reference) {
  std::vector<double> differences;
  for (const auto& [seed, score] : candidate) {
    if (const auto other = reference.find(seed); other != reference.end())
      differences.push_back(score - other->second);
  }
  return differences;
}

std::optional<PairedT> paired_t(std::span<const double> differences) {
  const std::optional<double> sd = standard_deviation(differences);
  if (!sd || *sd == 0) return std::nullopt;
  const auto n = static_cast<double>(differences.size());
  PairedT test;
  test.df = n - 1;
  test.t = *mean(differences) / (*sd / std::sqrt(n));
  test.p_two_sided = 2 * cdf(complement(boost::math::students_t(test.df), std::abs(test.t)));
  return test;
}

std::optional<SignFlip> sign_flip(std::span<const double> differences) {
  const std::size_t n = differences.size();
  if (n == 0 || n > kMostSignFlips) return std::nullopt;
  double observed = 0, size = 0;
  for (const double difference : differences) {
    observed += difference;
    size += std::abs(difference);
  }
  // Sums that are equal on paper differ in their last bits.
  const double tolerance = 1e-9 * size;
  SignFlip test;
  test.sign_vectors = std::int64_t{1} << n;
  std::int64_t as_extreme = 0, as_great = 0;
  std::vector<double> terms(differences.begin(), differences.end());
  double sum = observed;
  for (std::uint64_t step = 1;; ++step) {  // in Gray code order one sign changes at a time
    as_extreme += std::abs(sum) >= std::abs(observed) - tolerance ? 1 : 0;
    as_great += sum >= observed - tolerance ? 1 : 0;
    if (step == static_cast<std::uint64_t>(test.sign_vectors)) break;
    double& term = terms[static_cast<std::size_t>(std::countr_zero(step))];
    term = -term;
    sum += 2 * term;
  }
  test.p_two_sided = static_cast<double>(as_extreme) / static_cast<double>(test.sign_vectors);
  test.p_greater = static_cast<double>(as_great) / static_cast<double>(test.sign_vectors);
  return test;
}

std::optional<EffectSize> effect_size(std::span<const double> differences) {
  const std::optional<double> sd = standard_deviation(differences);
  if (!sd || *sd == 0) return std::nullopt;
  EffectSize effect{*mean(differences) / *sd, std::nullopt};
  if (const auto correction = small_sample_correction(static_cast<double>(differences.size()) - 1)) {
    effect.gz = *correction * effect.dz;
  }
  return effect;
}

std::optional<double> hedges_g(std::span<const double> x, std::span<const double> y) {
  const std::optional<double> sd_x = standard_deviation(x), sd_y = standard_deviation(y);
  if (!sd_x || !sd_y || *sd_x + *sd_y == 0) return std::nullopt;
  const auto correction = small_sample_correction(static_cast<double>(x.size() + y.size()) - 2);
  if (!correction) return std::nullopt;
  return *correction * (*mean(x) - *mean(y)) / std::sqrt((*sd_x * *sd_x + *sd_y * *sd_y) / 2);
}

std::optional<MarginTest> margin_test(std::span<const double> differences, double margin) {
  const std::optional<double> sd = standard_deviation(differences);
  if (!sd || *sd == 0) return std::nullopt;
  const auto n = static_cast<double>(differences.size());
  const double error = *sd / std::sqrt(n), center = *mean(differences);
  const boost::math::students_t t(n - 1);
  MarginTest test;
  test.p_not_worse = cdf(complement(t, (center + margin) / error));
  test.p_not_better = cdf(t, (center - margin) / error);
  test.p_equivalent = std::max(test.p_not_worse, test.p_not_better);
  return test;
}

}  // namespace segbench::statistics
