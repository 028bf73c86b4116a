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

void set_counts(RowResult& result, const Json& event) {
  for (std::size_t c = 0; c < event.at("tp").size(); ++c)
    result.counts.push_back({event.at("tp")[c], event.at("fp")[c], event.at("fn")[c]});
  result.split = event.value("split", "");
  const Json& index = event.at("background");
  result.background = index.is_null() ? core::Background() : index.get<int>();
  set_score(result, std::string(core::default_metric(result.background)));
}

}  // namespace

void set_score(RowResult& row, const std::string& metric) {
  row.metric = metric;
  row.score =
      row.counts.empty() ? std::nullopt : metrics::score(metric, row.counts, std::nullopt, row.background);
}

void set_beside(RowResult& result, const RowLog& row) {
  set_stages(result, row);
  set_passes(result, row);
  if (row.score) set_counts(result, *row.score);
}

}  // namespace segbench::profiles
