// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "harness/core/measures.h"
#include "harness/core/random.h"
#include "results/conclusions/search_parts.h"
#include "results/statistics/expected_maximum.h"

namespace segbench::conclusions {
namespace {

constexpr std::size_t kMostPoints = 40;
constexpr std::size_t kResamples = 500;

/// Numbers of draws from 1 to `most`: all of them, or ever larger steps.
std::vector<std::size_t> steps_to(std::size_t most) {
  std::vector<std::size_t> steps;
  for (std::size_t i = 0; i < kMostPoints; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(kMostPoints - 1);
    const double step =
        most <= kMostPoints ? static_cast<double>(i + 1) : std::pow(static_cast<double>(most), share);
    const auto whole = static_cast<std::size_t>(std::llround(step));
    if (whole <= most && (steps.empty() || whole > steps.back())) steps.push_back(whole);
  }
  return steps;
}

}  // namespace

std::vector<BudgetPoint> expect_best(const SearchResult& search) {
  const double sign = core::find_metric(search.metric)->higher_is_better ? 1 : -1;
  std::vector<double> scores;
  std::size_t failed = 0;
  double seconds = 0;
  for (const SearchDraw& draw : search.draws) {
    const bool has_failed = draw.fate == "failed" || (!draw.scores.empty() && !draw.scores.back());
    if (!has_failed && draw.scores.empty()) continue;
    seconds += draw.seconds;
    if (has_failed)
      ++failed;
    else
      scores.push_back(sign * *draw.scores.back());
  }
  if (scores.empty()) return {};
  scores.insert(scores.end(), failed, *std::min_element(scores.begin(), scores.end()));
  const double hours_each = seconds / 3600 / static_cast<double>(scores.size());
  std::vector<std::vector<double>> resamples;
  for (std::size_t i = 0; i < kResamples; ++i) {
    core::Stream stream(1, core::Purpose::kBootstrap, "expected best", 0, i);
    resamples.emplace_back();
    for (std::size_t k = 0; k < scores.size(); ++k)
      resamples.back().push_back(scores[stream.below(scores.size())]);
  }
  std::vector<BudgetPoint> points;
  for (const std::size_t draws : steps_to(scores.size())) {
    const auto n = static_cast<std::int64_t>(draws);
    const statistics::ExpectedMaximum best = *statistics::expected_maximum(scores, n);
    std::vector<double> drawn;
    for (const std::vector<double>& resample : resamples)
      drawn.push_back(sign * statistics::expected_maximum(resample, n)->with_replacement);
    points.push_back(
        {.draws = draws,
         .hours = hours_each * static_cast<double>(draws),
         .expected = sign * best.with_replacement,
         .sd = best.sd_with_replacement,
         .unbiased = {},
         .interval = {*statistics::quantile(drawn, 0.025), *statistics::quantile(drawn, 0.975)}});
    if (best.without_replacement) points.back().unbiased = sign * *best.without_replacement;
  }
  return points;
}

}  // namespace segbench::conclusions
