// SPDX-License-Identifier: MIT
#include "results/profiles/budget.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>

#include "harness/core/error.h"
#include "harness/core/measures.h"

namespace segbench::profiles {
namespace {

/// The score, or where small is good its negative.
std::optional<double> goodness(const RowResult& row) {
  const core::Measure* measure = core::find_measure(row.metric);
  if (!row.score || measure == nullptr || measure->higher_is_better) return row.score;
  return -*row.score;
}

Fit fit_of(const RowResult& row, const Budget& budget) {
  if (budget.bytes) {
    if (!row.peak_bytes) return Fit::kPerhaps;
    const auto bytes = static_cast<double>(std::max(*row.peak_bytes, row.device_peak_bytes.value_or(0)));
    return bytes <= *budget.bytes ? Fit::kInside : Fit::kOutside;
  }
  if (!row.median_interval) return *row.median_s <= *budget.seconds ? Fit::kPerhaps : Fit::kOutside;
  if (row.median_interval->high <= *budget.seconds) return Fit::kInside;
  return row.median_interval->low <= *budget.seconds ? Fit::kPerhaps : Fit::kOutside;
}

}  // namespace

Budget parse_budget(const std::string& text) {
  static const std::map<std::string, double> kSeconds = {{"ms", 1e-3}, {"s", 1}, {"us", 1e-6}};
  static const std::map<std::string, double> kBytes = {
      {"MB", 1e6}, {"GB", 1e9}, {"MiB", 1 << 20}, {"kB", 1e3}, {"GiB", 1024.0 * (1 << 20)}};
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string unit(end, text.data() + text.size());
  if (error == std::errc() && number > 0) {
    if (kSeconds.contains(unit)) return {.seconds = number * kSeconds.at(unit)};
    if (kBytes.contains(unit)) return {.bytes = number * kBytes.at(unit)};
  }
  throw core::UserError(
      fmt::format("a budget is a time or a memory, such as 10ms, 0.2s, 500MB or 2GB, but is \"{}\"", text));
}

BudgetAnswer inside_budget(const ProfileResults& results, const Budget& budget) {
  BudgetAnswer answer;
  const bool scored = std::any_of(results.rows.begin(), results.rows.end(), [](const RowResult& row) {
    return is_measured(row) && row.score.has_value();
  });
  const auto worth = [&](const RowResult& row) { return scored ? goodness(row) : row.macs; };
  for (const RowResult& row : results.rows) {
    if (!is_measured(row)) continue;
    const Fit fit = fit_of(row, budget);
    if (fit == Fit::kInside) answer.inside.push_back(&row);
    if (fit == Fit::kPerhaps) answer.perhaps.push_back(&row);
    if (worth(row)) answer.ranked_by = scored ? row.metric : "MACs";
  }
  for (auto* rows : {&answer.inside, &answer.perhaps}) {
    std::stable_sort(rows->begin(), rows->end(), [&](const RowResult* a, const RowResult* b) {
      constexpr double kNone = -std::numeric_limits<double>::infinity();
      const double left = worth(*a).value_or(kNone), right = worth(*b).value_or(kNone);
      return left != right ? left > right : *a->median_s < *b->median_s;
    });
  }
  return answer;
}

std::vector<const RowResult*> front(const ProfileResults& results) {
  std::vector<const RowResult*> candidates, kept;
  for (const RowResult& row : results.rows) {
    if (is_measured(row) && row.score) candidates.push_back(&row);
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const RowResult* a, const RowResult* b) { return *a->median_s < *b->median_s; });
  for (const RowResult* row : candidates) {
    if (kept.empty() || *goodness(*row) > *goodness(*kept.back())) kept.push_back(row);
  }
  return kept;
}

}  // namespace segbench::profiles
