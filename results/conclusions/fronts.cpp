// SPDX-License-Identifier: MIT
#include <algorithm>
#include <numeric>

#include "harness/core/random.h"
#include "harness/text/metrics.h"
#include "results/conclusions/front_draws.h"
#include "results/conclusions/steps.h"
#include "results/statistics/pareto.h"

namespace segbench::conclusions {
namespace {

constexpr int kDraws = 1'000;
/// A front of more variants than this would take long to draw anew; its probabilities stay 0 or 1.
constexpr std::size_t kMostDrawn = 200;

const Quantity* recorded(const Entry& entry, const std::string& key) {
  for (const MetricScore& score : entry.recorded) {
    if (score.key == key) return &score.summary;
  }
  return nullptr;
}

double drawn_mean(const std::vector<double>& values, core::Stream& stream) {
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) sum += values[stream.below(values.size())];
  return sum / static_cast<double>(values.size());
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::vector<FrontCandidate> candidates_of(const Conclusions& model, const std::string& cost, Front& front) {
  const double sign = text::higher_is_better(model.metric) ? 1 : -1;
  std::vector<FrontCandidate> candidates;
  for (const Entry& entry : model.leaderboard) {
    const Quantity* costs = recorded(entry, cost);
    if (costs == nullptr || costs->values.empty() || entry.score.values.empty()) continue;
    FrontCandidate candidate{entry.id, costs->values, entry.score.values};
    for (double& score : candidate.scores) score *= sign;
    front.trials.insert(front.trials.end(), entry.score.trials.begin(), entry.score.trials.end());
    front.lines.push_back({.variant = entry.id, .cost = mean_of(costs->values), .score = *entry.score.mean});
    candidates.push_back(std::move(candidate));
  }
  return candidates;
}

}  // namespace

void fill_front(Front& front, const std::vector<FrontCandidate>& candidates) {
  std::vector<statistics::CostScore> points;
  for (const FrontCandidate& candidate : candidates)
    points.push_back({mean_of(candidate.costs), mean_of(candidate.scores)});
  for (const std::size_t i : statistics::pareto_front(points)) front.lines[i].is_on = true;
  const bool is_drawn = candidates.size() <= kMostDrawn;
  for (Front::Line& line : front.lines) line.probability = line.is_on && !is_drawn ? 1 : 0;
  core::Stream stream(1, core::Purpose::kBootstrap, front.cost, 0, 0);
  for (int draw = 0; is_drawn && draw < kDraws; ++draw) {
    for (std::size_t i = 0; i < candidates.size(); ++i)
      points[i] = {drawn_mean(candidates[i].costs, stream), drawn_mean(candidates[i].scores, stream)};
    for (const std::size_t i : statistics::pareto_front(points))
      front.lines[i].probability += 1;  // counted, then divided
  }
  for (Front::Line& line : front.lines) line.probability /= is_drawn ? kDraws : 1;
  std::stable_sort(front.lines.begin(), front.lines.end(),
                   [](const auto& a, const auto& b) { return a.cost < b.cost; });
}

std::vector<Front> find_fronts(const Conclusions& model) {
  std::vector<Front> fronts;
  for (const char* cost : {"parameters", "train_seconds"}) {
    Front front{.cost = cost, .lines = {}, .trials = {}};
    const std::vector<FrontCandidate> candidates = candidates_of(model, cost, front);
    if (candidates.size() < 2) continue;
    fill_front(front, candidates);
    fronts.push_back(std::move(front));
  }
  return fronts;
}

}  // namespace segbench::conclusions
