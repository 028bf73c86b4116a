// SPDX-License-Identifier: MIT
#include "harness/cli/comparison.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "harness/text/metrics.h"

namespace segbench::cli {
namespace {

using core::Json;

struct Cell {
  Cell(Column c, Json v) : column(std::move(c)), value(std::move(v)) {}
  Column column;
  Json value;
};

Json number(const std::optional<double>& value) {
  return value ? Json(*value) : Json();
}

const conclusions::PairedDifference* difference_of(const conclusions::Conclusions& model,
                                                   const std::string& variant) {
  for (const conclusions::PairedDifference& pair : model.to_best) {
    if (pair.candidate == variant) return &pair;
  }
  return nullptr;
}

std::int64_t count_status(const conclusions::Conclusions& model, const std::string& variant,
                          std::string_view status) {
  return std::count_if(model.trials.begin(), model.trials.end(), [&](const conclusions::TrialLine& line) {
    return line.variant == variant && line.status == status;
  });
}

/// The least favourable value, or the most favourable one.
std::optional<double> extreme(const conclusions::Summary& summary, bool largest) {
  if (summary.values.empty()) return std::nullopt;
  const auto [low, high] = std::minmax_element(summary.values.begin(), summary.values.end());
  return largest ? *high : *low;
}

/// One row of the table. For people an interval is one cell, otherwise two.
std::vector<Cell> cells_of(const conclusions::Conclusions& model, const conclusions::Entry& entry,
                           bool for_people) {
  std::vector<Cell> cells;
  const auto add = [&](const std::string& name, Json value, int digits = 4) {
    cells.emplace_back(Column{name, digits, name != "variant"}, std::move(value));
  };
  const auto add_interval = [&](const std::string& name,
                                const std::optional<conclusions::Interval>& interval) {
    if (for_people) {
      add(name, interval ? Json(fmt::format("{:.4f} … {:.4f}", interval->low, interval->high)) : Json());
    } else {
      add(name + "_low", interval ? Json(interval->low) : Json());
      add(name + "_high", interval ? Json(interval->high) : Json());
    }
  };
  const bool higher = text::higher_is_better(model.metric);
  const conclusions::PairedDifference* pair = difference_of(model, entry.id);
  add("variant", entry.label);
  add("n", entry.score.values.size());
  add("failed", count_status(model, entry.id, "failed"));
  add("mean", number(entry.score.mean));
  add_interval("ci95", entry.score.interval);
  add("worst", number(extreme(entry.score, !higher)));
  add("best", number(extreme(entry.score, higher)));
  add("expected_best", number(entry.score.expected_best));
  add("to_best", pair != nullptr ? number(pair->difference.mean) : Json());
  add_interval("to_best_ci95", pair != nullptr ? pair->difference.interval : std::nullopt);
  add("train_s", number(entry.train_seconds.mean), 1);
  add("parameters", entry.parameters ? Json(*entry.parameters) : Json());
  return cells;
}

}  // namespace

Table comparison_table(const conclusions::Conclusions& model, std::string_view format) {
  const bool for_people = format == "table" || format == "md";
  Table table;
  for (const Cell& cell : cells_of(model, {}, for_people)) table.columns.push_back(cell.column);
  for (const conclusions::Entry& entry : model.leaderboard) {
    table.rows.emplace_back();
    for (Cell& cell : cells_of(model, entry, for_people)) table.rows.back().push_back(std::move(cell.value));
  }
  return table;
}

std::vector<std::string> comparison_notes(const conclusions::Conclusions& model) {
  std::vector<std::string> notes = {
      fmt::format("{}: {} on the {} split, {} is better; to_best is paired by seed; expected_best is the "
                  "expected {} of n runs",
                  model.study, text::metric_title(model.metric), model.split,
                  text::higher_is_better(model.metric) ? "higher" : "lower",
                  text::higher_is_better(model.metric) ? "maximum" : "minimum")};
  std::int64_t failed = 0, unfinished = 0;
  std::vector<std::string> few;
  for (const conclusions::Entry& entry : model.leaderboard) {
    const std::int64_t of_entry = count_status(model, entry.id, "failed");
    failed += of_entry, unfinished += entry.planned - entry.complete - of_entry;
    if (entry.score.values.size() < conclusions::kSeedsForVerdict)
      few.push_back(fmt::format("{} (n = {})", entry.label, entry.score.values.size()));
  }
  constexpr std::size_t kNamed = 5;
  if (few.size() > kNamed) {
    const std::size_t more = few.size() - kNamed;
    few.resize(kNamed);
    few.push_back(fmt::format("and {} more", more));
  }
  if (!few.empty()) notes.push_back(fmt::format("no verdict below three seeds: {}", fmt::join(few, ", ")));
  if (failed > 0)
    notes.push_back(fmt::format("{} of {} trials failed and have no score; `segbench status` says why",
                                failed, model.planned));
  if (unfinished > 0)
    notes.push_back(fmt::format("{} of {} trials are not complete", unfinished, model.planned));
  if (model.left_out > 0)
    notes.push_back(fmt::format("{} trials of earlier forms of this study are left out", model.left_out));
  return notes;
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
      "not comparable: the variants are scored on {} different sets of {} images:\n  {}\nname the variants "
      "that "
      "belong together with `segbench compare --variant`",
      groups.size(), split, fmt::join(groups, "\n  "));
}

}  // namespace segbench::cli
