// SPDX-License-Identifier: MIT
#include "harness/cli/comparison.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/core/json.h"
#include "harness/core/optional_json.h"
#include "results/conclusions/comparability.h"
#include "results/conclusions/conditions.h"

namespace segbench::cli {
namespace {

using core::Json;

/// An interval is one column for people, two in data.
void add_interval(Table& table, const std::string& key) {
  table.columns.push_back({.key = key, .number = true, .where = text::Where::kShown});
  for (const char* end : {"_low", "_high"})
    table.columns.push_back({.key = key + end, .number = true, .where = text::Where::kData});
}

void add_interval(std::vector<Cell>& row, const std::optional<conclusions::Interval>& interval) {
  row.emplace_back(interval ? Json(fmt::format("{:.4f} … {:.4f}", interval->low, interval->high)) : Json());
  row.emplace_back(interval ? Json(interval->low) : Json());
  row.emplace_back(interval ? Json(interval->high) : Json());
}

}  // namespace

Table comparison_table(const conclusions::Conclusions& model) {
  Table table{.columns = {{"variant"}, number_column("n"), number_column("failed"), number_column("mean")}};
  add_interval(table, "ci95");
  for (const char* key : {"worst", "best", "expected_best", "to_best"})
    table.columns.push_back(number_column(key));
  add_interval(table, "to_best_ci95");
  table.columns.push_back(number_column("train_s", 1));
  table.columns.push_back(number_column("parameters"));
  for (const conclusions::Entry& entry : model.leaderboard) {
    const conclusions::PairedDifference* pair = difference_to_best(model, entry.id);
    std::vector<Cell> row = {entry.label, entry.score.values.size(), entry.failed,
                             core::or_null(entry.score.mean)};
    add_interval(row, entry.score.interval);
    for (const std::optional<double>& value :
         {entry.score.worst, entry.score.best, entry.score.expected_best})
      row.emplace_back(core::or_null(value));
    row.emplace_back(pair != nullptr ? core::or_null(pair->difference.mean) : Json());
    add_interval(row, pair != nullptr ? pair->difference.interval : std::nullopt);
    row.emplace_back(core::or_null(entry.train_seconds.mean));
    row.emplace_back(core::or_null(entry.parameters));
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::string intervals_note(const conclusions::Conclusions& model) {
  const auto& pair = model.verdict.to_runner_up;
  if (!pair || !pair->evidence.interval) return "";
  const conclusions::Evidence& evidence = pair->evidence;
  if (evidence.images == 0 && evidence.level == conclusions::kConfidence) return "";
  return fmt::format(
      "ci95 and to_best_ci95 are 95% intervals over seeds alone; the verdict goes by its own, {} over {}",
      conclusions::percent_text(evidence.level), evidence.images > 0 ? "seeds and images" : "seeds");
}

void add_allow_option(CLI::App& command, std::vector<std::string>& allowed) {
  std::vector<std::string> facets;
  for (const conclusions::Facet& facet : conclusions::facets()) facets.emplace_back(facet.key);
  command
      .add_option("--allow", allowed,
                  fmt::format("Compare trials that differ in this nonetheless: {}; may be repeated",
                              fmt::join(facets, ", ")))
      ->check(CLI::IsMember(facets))
      ->allow_extra_args(false);
}

std::vector<std::string> verdict_lines(const conclusions::Conclusions& model) {
  std::vector<std::string> lines = {model.verdict.headline};
  for (const std::string& remark : model.verdict.remarks) lines.push_back("  " + remark);
  for (const conclusions::ClaimResult& claim : model.claims)
    lines.push_back(
        fmt::format("claim {}: {}: {}, because {}", claim.claim, claim.text, claim.outcome, claim.why));
  for (std::size_t i = 0; i < model.published.size(); ++i)
    lines.push_back(fmt::format("published {}: {}", i + 1, model.published[i].sentence));
  return lines;
}

std::vector<std::string> comparison_warnings(const conclusions::Conclusions& model) {
  std::vector<std::string> warnings;
  for (const conclusions::ReportWarning& warning : model.warnings) {
    const std::string subject =
        warning.variants.empty() && warning.trials.empty() ? "" : subject_of(warning, model) + ": ";
    warnings.push_back(subject + to_text(warning.warning));
  }
  return warnings;
}

std::string not_comparable_text(const std::vector<std::string>& groups, const std::string& split) {
  return fmt::format(
      "not comparable: the variants are in {} groups that were not scored alike on the {} split:\n  {}\n"
      "name the variants that belong together with `segbench compare --variant`, or the difference that does "
      "not matter with --allow",
      groups.size(), split, fmt::join(groups, "\n  "));
}

}  // namespace segbench::cli
