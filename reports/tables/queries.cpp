// SPDX-License-Identifier: MIT
#include "reports/tables/queries.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/error.h"
#include "harness/core/measures.h"
#include "harness/text/html.h"

namespace segbench::reports {
namespace {

/// Text as an SQL literal.
std::string quoted(std::string_view text) {
  std::string literal = "'";
  for (const char c : text) literal += c == '\'' ? "''" : std::string(1, c);
  return literal + "'";
}

}  // namespace

std::string score_query(std::string_view metric, std::string_view split) {
  const core::Measure* measure = core::find_metric(metric);
  if (measure != nullptr && measure->origin == core::Origin::kMeasured)
    return fmt::format(
        "SELECT t.trial_id, m.value FROM measures m JOIN trials t ON t.trial = m.trial WHERE m.measure = {} "
        "AND m.split = {} AND m.image IS NULL AND m.class IS NULL AND t.trial_id IN (:trials)",
        quoted(metric), quoted(split));
  return fmt::format("SELECT trial_id, {} FROM trial_scores WHERE split = {} AND trial_id IN (:trials)",
                     metric, quoted(split));
}

std::string any_query(std::string_view split) {
  return fmt::format(
      "SELECT trial_id, s.*, o.train_seconds, o.peak_memory_bytes, o.parameters, o.macs FROM trial_scores s "
      "JOIN "
      "trial_overview o USING (trial_id) WHERE s.split = {} AND trial_id IN (:trials)",
      quoted(split));
}

std::string trial_query(std::string_view column) {
  return fmt::format("SELECT trial_id, {} FROM trial_overview WHERE trial_id IN (:trials)", column);
}

std::string class_query(std::string_view class_name, std::string_view split) {
  return fmt::format(
      "SELECT trial_id, iou FROM per_class_iou WHERE class_name = {} AND split = {} AND trial_id IN "
      "(:trials)",
      quoted(class_name), quoted(split));
}

std::string image_query(std::string_view split) {
  return fmt::format(
      "SELECT t.trial_id, i.image_id, c.class, c.tp, c.fp, c.fn FROM trials t JOIN evaluations e ON e.trial "
      "= "
      "t.trial AND e.weights = 'selected' JOIN images i ON i.evaluation = e.evaluation JOIN image_counts c "
      "ON "
      "c.evaluation = i.evaluation AND c.image = i.image WHERE e.split = {} AND t.trial_id IN (:trials)",
      quoted(split));
}

std::string confusion_query(std::string_view split) {
  return fmt::format(
      "SELECT trial_id, truth, prediction, pixels FROM confusion WHERE split = {} AND trial_id IN (:trials)",
      quoted(split));
}

void set_query(text::Table& table, std::string_view key, std::string query, std::string statistic) {
  const auto column = std::find_if(table.columns.begin(), table.columns.end(),
                                   [&](const text::Column& candidate) { return candidate.key == key; });
  SEGBENCH_CHECK(column != table.columns.end(), "table {} has no column {}", table.name, key);
  column->query = std::move(query);
  column->statistic = std::move(statistic);
}

text::Table queries_table(const std::vector<text::Table>& tables) {
  text::Table table{
      .name = "queries",
      .caption =
          "How to compute each number again: the query over results.sqlite (docs/schema.md) gives a value "
          "a trial, and the number is the statistic of them. “:trials” are the trials of that number, in "
          "quotes and with commas; the page has them at each number or its row (data-trials).",
      .columns = {{"table", "Table"},
                  {"column", "Column"},
                  {"statistic", "Statistic", false, text::Where::kEverywhere, "", /*wrap=*/true},
                  {"query", "Query", false, text::Where::kEverywhere, "", /*wrap=*/true}},
      .rows = {},
      .keys = 2,
      .row_heads = false,
      .sortable = true};
  for (const text::Table& one : tables) {
    for (const text::Column& column : one.columns) {
      if (column.query.empty()) continue;
      table.rows.push_back(
          {text::Cell(one.name), text::Cell(text::heading(column)), text::Cell(column.statistic),
           text::markup_cell(column.query, fmt::format("<code>{}</code>", text::escape(column.query)))});
    }
  }
  return table;
}

}  // namespace segbench::reports
