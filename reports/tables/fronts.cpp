// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "reports/tables/cells.h"
#include "reports/tables/queries.h"
#include "reports/tables/tables.h"

namespace segbench::reports {
namespace {

using conclusions::Front, conclusions::Ranking;

std::string label(const ReportModel& model, const std::string& variant) {
  const Entry* entry = find_entry(model, variant);
  return entry == nullptr ? text::kUndefined : text::clean(entry->label);
}

/// Costs against the score: one row a variant and cost.
text::Table fronts_table(const ReportModel& model) {
  text::Table table{
      .name = "fronts",
      .caption =
          fmt::format("Which variants are worth their cost: no other one costs less and has a better {}. The "
                      "probability is how often a variant is on that front when its trials are drawn anew.",
                      text::metric_title(model.metric)),
      .columns = {{"cost", "Cost"},
                  {"variant", "Variant"},
                  {"value", "Its cost", true},
                  {"score", "Mean score", true},
                  {"on_front", "On the front"},
                  {"probability", "Probability", true}},
      .rows = {},
      .keys = 2,
      .row_heads = false,
      .sortable = true};
  const std::string query = score_query(model.metric, model.split);
  set_query(table, "value", trial_query("parameters, train_seconds"),
            "mean of the row’s cost; latencies: of the medians of a profile’s rounds (profile_iterations)");
  set_query(table, "score", query, "mean");
  set_query(table, "probability", query,
            "share of 1,000 resamples of the trials in which it is on the front");
  const auto add = [&](const Front& front, const std::string& title, bool is_latency) {
    for (const Front::Line& line : front.lines) {
      const Entry* entry = find_entry(model, line.variant);
      const std::vector<std::string> own =
          entry == nullptr ? std::vector<std::string>() : entry->score.trials;
      table.rows.push_back(
          {text::Cell(title), text::Cell(label(model, line.variant)),
           text::number_cell(line.cost,
                             is_latency ? fmt::format("{} ms", text::fixed(1000 * line.cost, 2))
                                        : text::metric_value(front.cost, line.cost, 3),
                             own),
           text::number_cell(line.score, text::metric_value(model.metric, line.score, 3), own),
           text::Cell(line.is_on ? "yes" : "no"), text::number_cell(line.probability, 2, front.trials)});
    }
  };
  for (const Front& front : model.fronts) add(front, text::metric_title(front.cost), false);
  for (const conclusions::LatencyFront& latency : model.latencies)
    add(latency.front, "latency: " + latency.what, true);
  return table;
}

text::Table ranking_table(const ReportModel& model) {
  text::Table table{.name = "ranking",
                    .caption = "",
                    .columns = {{"variant", "Variant"}, {"rank", "Average rank", true}},
                    .rows = {}};
  if (!model.ranking) return table;
  const Ranking& ranking = *model.ranking;
  table.caption = fmt::format(
      "Ranks seed by seed, averaged over {} (1 is best). Friedman's test that no variant is better: {}. "
      "Average ranks that differ by less than {} do not tell two variants apart (Nemenyi, 5 %).",
      text::plural(ranking.seeds, "seed"), text::p_text(ranking.p),
      text::fixed(ranking.critical_difference, 2));
  set_query(table, "rank", score_query(model.metric, model.split),
            "mean over seeds of the variant’s rank among all variants");
  for (const Ranking::Line& line : ranking.lines) {
    const Entry* entry = find_entry(model, line.variant);
    table.rows.push_back({text::Cell(label(model, line.variant)),
                          text::number_cell(line.average_rank, 2, entry->score.trials)});
  }
  return table;
}

const TableRegistration kFronts({.order = 54, .title = "Costs and scores", .make = fronts_table});
const TableRegistration kRanking({.order = 52, .title = "Ranks over seeds", .make = ranking_table});

}  // namespace
}  // namespace segbench::reports
