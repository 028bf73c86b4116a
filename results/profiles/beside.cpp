// SPDX-License-Identifier: MIT
#include "results/profiles/beside.h"

#include "harness/core/background.h"
#include "harness/core/counts.h"
#include "harness/metrics/scores.h"
#include "results/statistics/summary.h"

namespace segbench::profiles {
namespace {

using core::Json;

void set_stages(RowResult& result, const RowLog& row) {
  std::map<std::string, std::vector<double>> all;
  for (const Visit& visit : row.visits) {
    for (const auto& [stage, seconds] : visit.stages)
      all[stage].insert(all[stage].end(), seconds.begin(), seconds.end());
  }
  for (const auto& [stage, seconds] : all) {
    if (const auto median = statistics::quantile(seconds, 0.5)) result.stages[stage] = *median;
  }
}

void set_passes(RowResult& result, const RowLog& row) {
  for (const auto& [pass, event] : row.passes) {
    double sum = 0;
    for (const auto& [stage, seconds] : event.at("seconds").items()) sum += seconds.get<double>();
    result.passes_s.push_back(sum);
    result.pass_images = event.at("images");
  }
}

void set_score(RowResult& result, const Json& event) {
  std::vector<core::ClassCounts> counts;
  for (std::size_t c = 0; c < event.at("tp").size(); ++c)
    counts.push_back({event.at("tp")[c], event.at("fp")[c], event.at("fn")[c]});
  const Json& index = event.at("background");
  const core::Background background = index.is_null() ? core::Background() : index.get<int>();
  result.metric = core::default_metric(background);
  result.score = metrics::score(result.metric, counts, std::nullopt, background);
}

}  // namespace

void set_beside(RowResult& result, const RowLog& row) {
  set_stages(result, row);
  set_passes(result, row);
  if (row.score) set_score(result, *row.score);
}

}  // namespace segbench::profiles
