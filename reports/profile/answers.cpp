// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "harness/text/numbers.h"
#include "reports/profile/tables.h"
#include "results/statistics/summary.h"

namespace segbench::reports {
namespace {

using core::Json;
using profiles::ProfileResults;
using profiles::RowResult;
using text::Cell;
using text::number_cell;

Cell number(const std::optional<double>& value, int digits) {
  return number_cell(value, value ? fmt::format("{:.{}f}", *value, digits) : text::kUndefined);
}

text::Column column(const char* key, const char* title) {
  return {.key = key, .title = title, .number = true, .where = text::Where::kEverywhere};
}

/// Rows of one key do the same work: one of them is auto's choice.
std::string work_of(const RowResult& row) {
  Json key;
  for (const char* part : {"network", "batch", "height", "width", "precision", "device", "threads"})
    key.push_back(row.facts.at(part));
  return key.dump();
}

struct EngineSummary {
  std::size_t measured = 0, failed = 0, fastest = 0;
  std::vector<double> logs;  ///< of the time as a multiple of auto's
};

}  // namespace

text::Table choices_table(const ProfileResults& results) {
  text::Table table;
  std::map<std::string, const RowResult*> usual;  // the first row of eager of the same work, else of any
  std::set<std::string> engines;
  for (const RowResult& row : results.rows) {
    engines.insert(row.facts.at("engine").get<std::string>());
    if (!profiles::is_measured(row)) continue;
    const RowResult*& known = usual[work_of(row)];
    const auto is_eager = [](const RowResult* one) { return one->facts.at("engine") == "eager"; };
    if (known == nullptr || (is_eager(&row) && !is_eager(known))) known = &row;
  }
  const bool by_eager = std::all_of(usual.begin(), usual.end(), [](const auto& entry) {
    return entry.second->facts.at("engine") == "eager";
  });
  table.columns = {
      {.key = "network"},
      {.key = "engine"},
      column("median_ms", "median ms"),
      column("images_per_s", "images/s"),
      column("times_as_fast", by_eager ? "times as fast as eager" : "times as fast as the first")};
  if (engines.size() < 2) return table;
  for (const RowResult& row : results.rows) {
    if (!row.best || !profiles::is_measured(row)) continue;
    const double as_fast = *usual.at(work_of(row))->median_s / *row.median_s;
    table.rows.push_back({network_label(row), row.facts.at("engine"),
                          number_cell(*row.median_s * 1e3, significant(*row.median_s * 1e3)),
                          number_cell(row.throughput, significant(row.throughput.value_or(0))),
                          number(as_fast, 2)});
  }
  return table;
}

text::Table engines_table(const ProfileResults& results) {
  std::map<std::string, const RowResult*> chosen;
  for (const RowResult& row : results.rows) {
    if (row.best && row.median_s) chosen[work_of(row)] = &row;
  }
  std::vector<std::string> order;
  std::map<std::string, EngineSummary> engines;
  for (const RowResult& row : results.rows) {
    const std::string name = row.facts.at("engine");
    if (!engines.contains(name)) order.push_back(name);
    EngineSummary& engine = engines[name];
    if (!row.failure.empty()) ++engine.failed;
    if (!row.failure.empty() || !row.median_s) continue;
    ++engine.measured;
    engine.fastest += row.best;
    if (const auto best = chosen.find(work_of(row)); best != chosen.end())
      engine.logs.push_back(std::log(*row.median_s / *best->second->median_s));
  }
  text::Table table;
  table.columns = {{.key = "engine"},
                   column("rows", "rows"),
                   column("failed", "failed"),
                   column("fastest", "fastest in"),
                   column("times_auto", "time / auto's")};
  if (engines.size() < 2) return table;
  for (const std::string& name : order) {
    const EngineSummary& engine = engines[name];
    const auto mean = statistics::mean(engine.logs);
    table.rows.push_back({name, engine.measured, engine.failed, engine.fastest,
                          number(mean ? std::optional(std::exp(*mean)) : std::nullopt, 2)});
  }
  return table;
}

text::Table passes_table(const ProfileResults& results) {
  text::Table table;
  table.columns = {{.key = "row"},
                   column("images", "images"),
                   column("passes", "passes"),
                   column("seconds", "mean s"),
                   column("least_s", "least s"),
                   column("most_s", "most s"),
                   column("published_s", "published s"),
                   column("train_epoch_s", "training s/epoch")};
  for (const RowResult& row : results.rows) {
    if (row.passes_s.empty()) continue;
    const auto [least, most] = std::minmax_element(row.passes_s.begin(), row.passes_s.end());
    table.rows.push_back({row.label, row.pass_images, row.passes_s.size(),
                          number(statistics::mean(row.passes_s), 3), number(*least, 3), number(*most, 3),
                          number(row.published_s, 3), number(row.train_epoch_s, 2)});
  }
  for (std::size_t c = table.columns.size() - 2; c < table.columns.size(); ++c) {
    const bool any = std::any_of(table.rows.begin(), table.rows.end(),
                                 [&](const auto& row) { return !row[c].value.is_null(); });
    if (!any) table.columns[c].where = text::Where::kData;  // nobody has one
  }
  return table;
}

}  // namespace segbench::reports
