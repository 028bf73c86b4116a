// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "harness/core/random.h"
#include "results/statistics/summary.h"

// Scores over several tasks (data sets) at once: Agarwal et al., "Deep Reinforcement Learning at the Edge of
// the Statistical Precipice", NeurIPS 2021, by the definitions of rliable.

namespace segbench::statistics {

/// Scores of one variant [run][task]; every run has every task.
using RunsByTask = std::vector<std::vector<double>>;

std::vector<double> all_scores(const RunsByTask& scores);
/// One a task, over its runs.
std::vector<double> task_means(const RunsByTask& scores);
/// interquartile_mean() of all scores together.
std::optional<double> aggregate_iqm(const RunsByTask& scores);
std::optional<double> median_of_task_means(const RunsByTask& scores);
/// `gamma` minus the mean of min(score, gamma): how far the scores stay below it.
std::optional<double> optimality_gap(const RunsByTask& scores, double gamma = 1);
/// Fraction of the values above each threshold: the performance profile.
std::vector<double> performance_profile(std::span<const double> values, std::span<const double> thresholds);
/// Mean over tasks of P(X > Y) + P(X = Y) / 2; undefined without a task that both have.
std::optional<double> probability_of_improvement(const RunsByTask& x, const RunsByTask& y);

using Statistic = std::function<std::optional<double>(const RunsByTask&)>;
/// Values of a statistic when the runs are drawn anew with replacement, in every task for itself; where it is
/// undefined, there is none.
std::vector<double> stratified_bootstrap(const RunsByTask& scores, const Statistic& statistic,
                                         core::Stream& stream, std::int64_t replicates);

}  // namespace segbench::statistics
