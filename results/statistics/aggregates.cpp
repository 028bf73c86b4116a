// SPDX-License-Identifier: MIT
#include "results/statistics/aggregates.h"

#include <algorithm>

#include "results/statistics/ranks.h"

namespace segbench::statistics {
namespace {

std::size_t tasks_of(const RunsByTask& scores) {
  return scores.empty() ? 0 : scores[0].size();
}

std::vector<double> runs_of(const RunsByTask& scores, std::size_t task) {
  std::vector<double> runs;
  for (const std::vector<double>& run : scores) runs.push_back(run.at(task));
  return runs;
}

}  // namespace

std::vector<double> all_scores(const RunsByTask& scores) {
  std::vector<double> all;
  for (const std::vector<double>& run : scores) all.insert(all.end(), run.begin(), run.end());
  return all;
}

std::vector<double> task_means(const RunsByTask& scores) {
  std::vector<double> means;
  for (std::size_t task = 0; task < tasks_of(scores); ++task) means.push_back(*mean(runs_of(scores, task)));
  return means;
}

std::optional<double> aggregate_iqm(const RunsByTask& scores) {
  return interquartile_mean(all_scores(scores));
}

std::optional<double> median_of_task_means(const RunsByTask& scores) {
  return quantile(task_means(scores), 0.5);
}

std::optional<double> optimality_gap(const RunsByTask& scores, double gamma) {
  std::vector<double> cut;
  for (const double score : all_scores(scores)) cut.push_back(std::min(score, gamma));
  const std::optional<double> reached = mean(cut);
  if (!reached) return std::nullopt;
  return gamma - *reached;
}

std::vector<double> performance_profile(std::span<const double> values, std::span<const double> thresholds) {
  std::vector<double> profile;
  for (const double threshold : thresholds) {
    const auto above =
        std::count_if(values.begin(), values.end(), [&](double value) { return value > threshold; });
    profile.push_back(static_cast<double>(above) / static_cast<double>(values.size()));
  }
  return profile;
}

std::optional<double> probability_of_improvement(const RunsByTask& x, const RunsByTask& y) {
  std::vector<double> by_task;
  for (std::size_t task = 0; task < std::min(tasks_of(x), tasks_of(y)); ++task)
    by_task.push_back(*vargha_delaney_a12(runs_of(x, task), runs_of(y, task)));
  return mean(by_task);
}

std::vector<double> stratified_bootstrap(const RunsByTask& scores, const Statistic& statistic,
                                         core::Stream& stream, std::int64_t replicates) {
  std::vector<double> values;
  RunsByTask drawn = scores;
  for (std::int64_t r = 0; r < replicates; ++r) {
    for (std::size_t task = 0; task < tasks_of(scores); ++task) {
      for (std::vector<double>& run : drawn) run[task] = scores[stream.below(scores.size())][task];
    }
    if (const std::optional<double> value = statistic(drawn)) values.push_back(*value);
  }
  return values;
}

}  // namespace segbench::statistics
