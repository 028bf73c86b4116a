// SPDX-License-Identifier: MIT
#include "results/conclusions/sensitivity.h"

#include <algorithm>

#include "harness/core/random.h"
#include "results/conclusions/summarise.h"
#include "results/statistics/bootstrap.h"
#include "results/statistics/corrections.h"
#include "results/statistics/exact_bootstrap.h"
#include "results/statistics/paired.h"
#include "results/statistics/ranks.h"
#include "results/statistics/robust.h"

namespace segbench::conclusions {
namespace {

constexpr double kAlpha = 0.05;
constexpr std::uint64_t kStream = 2;

std::vector<double> scores_of(const Conclusions& model, const std::string& variant) {
  std::vector<double> scores;
  for (const TrialValue& value : scores_of_variant(model, variant)) {
    if (value.value) scores.push_back(*value.value);
  }
  return scores;
}

/// Of few seeds all resamples are gone through.
std::optional<Interval> bca_of(const std::vector<double>& differences) {
  if (differences.size() < kSeedsForVerdict) return std::nullopt;
  if (const auto exact = statistics::exact_bootstrap_means(differences))
    return statistics::exact_bca_interval(differences, *exact);
  core::Stream stream(kStream, core::Purpose::kBootstrap);
  return statistics::bca_interval(differences, statistics::bootstrap_means(differences, stream));
}

void count_tests(Sensitivity& line) {
  for (const std::optional<double>& p :
       {line.p_t, line.p_sign_flip, line.p_wilcoxon, line.p_welch, line.p_mann_whitney}) {
    line.tests += p ? 1 : 0;
    line.told_apart += p && *p < kAlpha ? 1 : 0;
  }
}

Sensitivity sensitivity_of_pair(const Conclusions& model, const PairedDifference& pair) {
  const std::vector<double>& differences = pair.difference.values;
  const std::vector<double> ours = scores_of(model, pair.candidate),
                            theirs = scores_of(model, pair.reference);
  Sensitivity line;
  line.variant = pair.candidate;
  line.seeds = differences.size();
  line.mean = pair.difference.mean;
  line.median = pair.difference.median;
  line.trimmed_mean = statistics::trimmed_mean(differences);
  line.median_deviation = statistics::median_deviation(differences);
  line.bca = bca_of(differences);
  if (const auto test = statistics::paired_t(differences)) line.p_t = test->p_two_sided;
  if (const auto test = statistics::sign_flip(differences)) line.p_sign_flip = test->p_two_sided;
  if (const auto test = statistics::wilcoxon(differences)) line.p_wilcoxon = test->p_two_sided;
  if (const auto test = statistics::welch_t(ours, theirs)) line.p_welch = test->p_two_sided;
  if (const auto test = statistics::mann_whitney(ours, theirs)) line.p_mann_whitney = test->p_two_sided;
  if (model.margin) {
    if (const auto test = statistics::margin_test(differences, *model.margin))
      line.p_equivalent = test->p_equivalent;
  }
  if (const auto effect = statistics::effect_size(differences)) line.d_z = effect->dz, line.g_z = effect->gz;
  line.hedges_g = statistics::hedges_g(ours, theirs);
  line.cliffs_delta = statistics::cliffs_delta(ours, theirs);
  count_tests(line);
  return line;
}

}  // namespace

std::vector<Sensitivity> sensitivity_of(const Conclusions& model) {
  std::vector<Sensitivity> lines;
  std::vector<double> p;
  for (const PairedDifference& pair : model.to_best) {
    lines.push_back(sensitivity_of_pair(model, pair));
    if (lines.back().p_t) p.push_back(*lines.back().p_t);
  }
  const std::vector<double> adjusted = statistics::benjamini_hochberg(p);
  std::size_t next = 0;
  for (Sensitivity& line : lines) {
    if (line.p_t) line.p_false_discovery = adjusted[next++];
  }
  return lines;
}

std::optional<RankAgreement> rank_agreement(const Conclusions& model) {
  std::vector<double> selection, scored;
  for (const Entry& entry : model.leaderboard) {
    if (!entry.selection.mean || !entry.score.mean) continue;
    selection.push_back(*entry.selection.mean);
    scored.push_back(*entry.score.mean);
  }
  if (selection.size() < 3 || model.split == "selection") return std::nullopt;
  const auto spearman = statistics::spearman(selection, scored);
  const auto kendall = statistics::kendall_tau_b(selection, scored);
  if (!spearman || !kendall) return std::nullopt;
  return RankAgreement{.spearman = *spearman, .kendall = *kendall, .variants = selection.size()};
}

}  // namespace segbench::conclusions
