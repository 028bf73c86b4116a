// SPDX-License-Identifier: MIT
#include "results/profiles/baseline.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "harness/core/error.h"
#include "harness/core/json_problem.h"
#include "results/statistics/welch.h"

namespace segbench::profiles {
namespace {

using core::Json;

constexpr const char* kIdentity[] = {"model", "network",   "engine",        "batch",  "height",
                                     "width", "precision", "memory_format", "device", "threads"};

/// What makes rows of two profiles the same; the version of an engine may differ, which is what one compares.
Json identity(const Json& row) {
  Json key;
  for (const char* part : kIdentity) key.push_back(row.at(part));
  return key;
}

std::vector<double> logarithms(const Json& seconds) {
  std::vector<double> logs;
  for (const Json& one : seconds) logs.push_back(std::log(one.get<double>()));
  return logs;
}

GateRow judge(const RowResult* now, const Json& then, double level, double tolerance) {
  GateRow row{.label = then.at("label")};
  if (now == nullptr || !now->failure.empty() || now->round_medians.empty()) {
    row.gate = Gate::kSlower;
    row.why = now == nullptr ? "it is not measured now" : "it failed: " + now->failure;
    return row;
  }
  std::vector<double> after;
  for (const auto& [round, seconds] : now->round_medians) after.push_back(std::log(seconds));
  const auto difference = statistics::welch(after, logarithms(then.at("round_medians_s")), level);
  if (!difference) {
    row.why = "too few rounds";
    return row;
  }
  row.ratio = std::exp(difference->difference);
  row.interval =
      statistics::Interval{std::exp(difference->interval.low), std::exp(difference->interval.high)};
  if (row.interval->low > 1 + tolerance)
    row.gate = Gate::kSlower;
  else if (row.interval->high < 1 + tolerance)
    row.gate = Gate::kHolds;
  return row;
}

}  // namespace

std::string_view to_string(Gate gate) {
  switch (gate) {
    case Gate::kHolds:
      return "holds";
    case Gate::kSlower:
      return "slower";
    case Gate::kUndecided:
      return "undecided";
  }
  throw core::InternalError("an unknown gate");
}

std::vector<std::string> why_not_comparable(const ProfileResults& now, const Json& baseline) {
  std::vector<std::string> reasons;
  const Json then = baseline.value("machine", Json::object());
  if (baseline.value("session", "") == now.session && then.value("host", "") == now.machine.value("host", ""))
    return reasons;
  reasons.push_back(
      fmt::format("another session ({} then, {} now)", baseline.value("session", "?"), now.session));
  for (const char* key : {"host", "cpu", "usable_cpus", "governor"}) {
    const Json before = then.value(key, Json()), after = now.machine.value(key, Json());
    if (before != after)
      reasons.push_back(fmt::format("another {} ({} then, {} now)", key, before.dump(), after.dump()));
  }
  return reasons;
}

std::vector<GateRow> compare_with_baseline(const ProfileResults& now, const Json& baseline,
                                           double tolerance) try {
  std::map<Json, std::vector<const RowResult*>> same;  // where a network has two names, in their order
  for (const RowResult& row : now.rows) same[identity(row.facts)].push_back(&row);
  std::map<Json, std::size_t> seen;
  std::vector<std::pair<const Json*, const RowResult*>> pairs;
  for (const Json& row : baseline.at("rows")) {
    const std::vector<const RowResult*>& candidates = same[identity(row)];
    const std::size_t copy = seen[identity(row)]++;
    if (row.at("failure").is_null())
      pairs.emplace_back(&row, copy < candidates.size() ? candidates[copy] : nullptr);
  }
  if (pairs.empty()) throw core::UserError("no row of the baseline was measured");
  const double level = 1 - 0.05 / static_cast<double>(pairs.size());
  std::vector<GateRow> judged;
  for (const auto& [then, row] : pairs) judged.push_back(judge(row, *then, level, tolerance));
  return judged;
} catch (const Json::exception& error) {
  throw core::UserError("not a profile as `--format json` writes it: " + core::json_problem(error));
}

}  // namespace segbench::profiles
