// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "harness/core/text.h"
#include "harness/text/numbers.h"
#include "reports/profile/tables.h"

namespace segbench::reports {
namespace {

using core::Json;
using profiles::RowResult;
using text::Cell;
using text::number_cell;
using text::Where;

/// A column, and what it says of a row.
struct RowColumn {
  text::Column column;
  std::function<Cell(const RowResult&)> cell;
};

Cell number(const std::optional<double>& value) {
  return number_cell(value, value ? significant(*value) : text::kUndefined);
}

Cell in_ms(const std::optional<double>& seconds) {
  return number(seconds ? std::optional(*seconds * 1e3) : std::nullopt);
}

Cell interval_cell(const std::optional<statistics::Interval>& interval, double scale) {
  if (!interval) return Cell(Json());
  Cell cell(Json{interval->low * scale, interval->high * scale});
  cell.text = fmt::format("{} – {}", significant(interval->low * scale), significant(interval->high * scale));
  return cell;
}

Cell bytes_cell(const std::optional<std::int64_t>& bytes) {
  return number_cell(bytes ? std::optional(static_cast<double>(*bytes)) : std::nullopt,
                     bytes ? core::human_bytes(static_cast<std::uint64_t>(*bytes)) : text::kUndefined);
}

Cell or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

/// "no difference" with the largest one that there could be all the same.
std::string verdict_text(const RowResult& row) {
  if (!row.failure.empty()) return "failed";
  const std::string verdict(to_string(row.verdict));
  if (row.verdict != profiles::Verdict::kNoDifference || !row.ratio || !row.ratio->interval) return verdict;
  const auto& [low, high] = *row.ratio->interval;
  const double reach = std::max(std::abs(1 - low), std::abs(high - 1));
  return verdict + (reach < 0.95 ? fmt::format(" (±{:.2g} %)", 100 * reach) : " (too noisy)");
}

RowColumn text_column(const char* key, std::function<Cell(const RowResult&)> cell,
                      Where where = Where::kEverywhere) {
  return {{.key = key, .where = where}, std::move(cell)};
}

RowColumn numbers(const char* key, const char* title, std::function<Cell(const RowResult&)> cell,
                  Where where = Where::kEverywhere) {
  return {{.key = key, .title = title, .number = true, .where = where}, std::move(cell)};
}

RowColumn stage(const char* key, const char* title, const char* name) {
  return numbers(
      key, title,
      [name](const RowResult& row) {
        const auto found = row.stages.find(name);
        return in_ms(found == row.stages.end() ? std::nullopt : std::optional(found->second));
      },
      Where::kData);
}

/// What one chooses by comes first.
std::vector<RowColumn> row_columns() {
  using R = const RowResult&;
  return {
      text_column(
          "row", [](R row) { return Cell(row.label); }, Where::kData),
      text_column(
          "network", [](R row) { return Cell(network_label(row)); }, Where::kShown),
      text_column("engine", [](R row) { return Cell(row.facts.at("engine")); }),
      numbers("median_ms", "median ms", [](R row) { return in_ms(row.median_s); }),
      numbers("median_interval_ms", "95 % interval",
              [](R row) { return interval_cell(row.median_interval, 1e3); }),
      numbers("ratio", "ratio",
              [](R row) { return number(row.ratio ? std::optional(row.ratio->value) : std::nullopt); }),
      numbers("ratio_interval", "99 % interval",
              [](R row) { return interval_cell(row.ratio ? row.ratio->interval : std::nullopt, 1); }),
      text_column("verdict", [](R row) { return Cell(verdict_text(row)); }),
      numbers("score", "score",
              [](R row) {
                return number_cell(row.score,
                                   row.score ? fmt::format("{:.4f}", *row.score) : text::kUndefined);
              }),
      numbers("images_per_s", "images/s", [](R row) { return number(row.throughput); }),
      numbers("p90_ms", "p90", [](R row) { return in_ms(row.p90_s); }),
      numbers("p95_ms", "p95", [](R row) { return in_ms(row.p95_s); }),
      numbers("p99_ms", "p99", [](R row) { return in_ms(row.p99_s); }),
      numbers("end_to_end_ms", "end to end ms", [](R row) { return in_ms(row.end_to_end_s); }),
      numbers("peak_bytes", "memory", [](R row) { return bytes_cell(row.peak_bytes); }),
      numbers("file_bytes", "file", [](R row) { return bytes_cell(row.file_bytes); }),
      numbers("gflops_per_s", "GFLOP/s",
              [](R row) {
                return number(row.flops_per_s ? std::optional(*row.flops_per_s * 1e-9) : std::nullopt);
              }),
      numbers("of_roofline", "of roofline", [](R row) { return number(row.of_roofline); }),
      numbers("first_ms", "first ms", [](R row) { return in_ms(row.first_s); }),
      numbers("startup_s", "start s", [](R row) { return number(row.startup_s); }),
      numbers("error", "error",
              [](R row) {
                return number_cell(row.error,
                                   row.error ? fmt::format("{:.0e}", *row.error) : text::kUndefined);
              }),
      numbers("rounds", "rounds", [](R row) { return Cell(row.rounds); }),
      numbers("disturbed_rounds", "disturbed", [](R row) { return Cell(row.disturbed); }),
      numbers(
          "iterations", "iterations", [](R row) { return Cell(row.iterations); }, Where::kData),
      stage("read_ms", "read ms", "read"),
      stage("to_device_ms", "to device ms", "to_device"),
      stage("argmax_ms", "arg max ms", "argmax"),
      stage("to_host_ms", "to host ms", "to_host"),
      numbers(
          "p_holm", "p (Holm)",
          [](R row) { return row.ratio && row.ratio->p ? Cell(*row.ratio->p) : Cell(Json()); }, Where::kData),
      text_column(
          "failure", [](R row) { return or_null(row.failure); }, Where::kData)};
}

}  // namespace

std::string network_label(const RowResult& row) {
  std::string label = row.label;
  const std::string engine = ", " + row.facts.at("engine").get<std::string>();
  if (const std::size_t at = label.find(engine); at != std::string::npos) label.erase(at, engine.size());
  return label;
}

std::string significant(double value) {
  return fmt::format("{:.{}f}", value, value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3);
}

text::Table profile_table(const profiles::ProfileResults& results) {
  text::Table table;
  table.keys = 2;
  std::vector<RowColumn> columns = row_columns();
  table.rows.resize(results.rows.size());
  for (RowColumn& column : columns) {
    bool any = results.rows.empty();
    for (std::size_t i = 0; i < results.rows.size(); ++i) {
      table.rows[i].push_back(column.cell(results.rows[i]));
      any = any || !table.rows[i].back().value.is_null();
    }
    if (!any) column.column.where = Where::kData;  // nobody has one: people need not see that
    table.columns.push_back(std::move(column.column));
  }
  return table;
}

}  // namespace segbench::reports
