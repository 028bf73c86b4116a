// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "results/conclusions/front_draws.h"
#include "results/conclusions/latency.h"
#include "results/conclusions/summarise.h"
#include "results/statistics/summary.h"

namespace segbench::conclusions {
namespace {

/// How a row was measured: rows that are alike in it compare.
using Way = std::tuple<std::int64_t, std::string, std::int64_t, std::int64_t, std::string, std::string,
                       std::string, std::int64_t>;

Way way_of(const store::LatencyRecord& row) {
  return {row.batch,     row.engine,        row.height, row.width,
          row.precision, row.memory_format, row.device, row.threads};
}

std::string text_of_way(const store::LatencyRecord& row) {
  return fmt::format("{}, batch {}, {} × {}, {}, {}, {}", row.engine, row.batch, row.height, row.width,
                     row.precision, row.device,
                     text::plural(static_cast<std::size_t>(row.threads), "thread"));
}

/// The median of each round.
std::vector<double> round_medians(const store::LatencyRecord& row) {
  std::vector<double> medians;
  for (const auto& [round, seconds] : row.seconds) {
    if (const auto median = statistics::quantile(seconds, 0.5)) medians.push_back(*median);
  }
  return medians;
}

std::string variant_of(const Conclusions& model, const std::string& trial) {
  const auto line = std::find_if(model.trials.begin(), model.trials.end(),
                                 [&](const TrialLine& one) { return one.id == trial && one.used; });
  return line == model.trials.end() ? "" : line->variant;
}

double mean_of_values(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

/// One row a variant: the first one of each.
LatencyFront front_of(const std::vector<const store::LatencyRecord*>& rows, const Conclusions& model) {
  LatencyFront found{.what = text_of_way(*rows.front()),
                     .front = {.cost = kLatency, .lines = {}, .trials = {}}};
  const double sign = text::higher_is_better(model.metric) ? 1 : -1;
  std::vector<FrontCandidate> candidates;
  for (const Entry& entry : model.leaderboard) {
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const store::LatencyRecord* one) {
      return variant_of(model, one->trial_id) == entry.id;
    });
    if (row == rows.end() || entry.score.values.empty()) continue;
    FrontCandidate candidate{entry.id, round_medians(**row), entry.score.values};
    if (candidate.costs.empty()) continue;
    for (double& score : candidate.scores) score *= sign;
    found.front.lines.push_back(
        {.variant = entry.id, .cost = mean_of_values(candidate.costs), .score = *entry.score.mean});
    found.front.trials.insert(found.front.trials.end(), entry.score.trials.begin(), entry.score.trials.end());
    candidates.push_back(std::move(candidate));
  }
  if (candidates.size() > 1) fill_front(found.front, candidates);
  return found;
}

}  // namespace

std::vector<LatencyFront> latency_fronts(const StudyInputs& inputs, const Conclusions& model) {
  std::vector<LatencyFront> fronts;
  for (std::size_t begin = 0; begin < inputs.latencies.size() && fronts.empty();) {
    std::map<Way, std::vector<const store::LatencyRecord*>> ways;
    std::size_t end = begin;
    for (; end < inputs.latencies.size() && inputs.latencies[end].session == inputs.latencies[begin].session;
         ++end)
      ways[way_of(inputs.latencies[end])].push_back(&inputs.latencies[end]);
    for (const auto& [way, rows] : ways) {
      LatencyFront front = front_of(rows, model);
      if (front.front.lines.size() > 1) fronts.push_back(std::move(front));
    }
    begin = end;
  }
  std::stable_sort(fronts.begin(), fronts.end(), [](const LatencyFront& a, const LatencyFront& b) {
    return a.front.lines.size() > b.front.lines.size();
  });
  if (fronts.size() > kMostLatencyFronts) fronts.resize(kMostLatencyFronts);
  return fronts;
}

}  // namespace segbench::conclusions
