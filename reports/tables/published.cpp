// SPDX-License-Identifier: MIT
#include <algorithm>

#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "reports/tables/cells.h"
#include "reports/tables/queries.h"
#include "reports/tables/tables.h"
#include "results/conclusions/replication.h"
#include "results/conclusions/summarise.h"

namespace segbench::reports {
namespace {

text::Cell published_cell(const PublishedNumber& number) {
  return text::number_cell(number.value,
                           number.value
                               ? text::metric_value(number.metric, *number.value,
                                                    std::max(3, conclusions::decimals_of(*number.value)))
                               : "",
                           {}, "not given");
}

text::Cell expected_cell(const conclusions::Replication& replication, int digits) {
  text::Cell cell;
  if (replication.expected) cell.text = conclusions::interval_text(*replication.expected, digits);
  return cell;
}

}  // namespace

text::Table published_table(const ReportModel& model) {
  text::Table table{
      .name = "published",
      .caption =
          "Published numbers beside ours. They were measured elsewhere, by other rules: see the source.",
      .columns = {{"variant", "Variant"},
                  {"metric", "Metric"},
                  {"published", "Published", true},
                  {"ours", "Ours, mean", true},
                  {"n", "n", true},
                  {"best", "Ours, best of n", true},
                  {"outcome", "Outcome"},
                  {"statistic", "Published as"},
                  {"source", "Source"},
                  {.key = "sentence", .where = text::Where::kData}},
      .rows = {}};
  for (const auto& [key, statistic] : {std::pair{"ours", "mean of the row’s metric"},
                                       {"n", "number of values"},
                                       {"best", "best value of the row’s metric"}})
    set_query(table, key, any_query(model.split), statistic);
  for (const PublishedNumber& number : model.published) {
    const int digits = conclusions::digits_for({&number.ours});
    Quantity best = number.ours;
    best.mean = best.best;
    table.rows.push_back(
        {text::Cell(number.what), text::Cell(text::metric_title(number.metric)), published_cell(number),
         metric_cell(number.metric, number.ours, digits),
         text::integer_cell(static_cast<std::int64_t>(number.ours.values.size()), number.ours.trials),
         metric_cell(number.metric, best, digits), text::Cell(number.outcome), text::Cell(number.note),
         text::Cell(number.source), text::Cell(number.sentence)});
  }
  return table;
}

text::Table replications_table(const ReportModel& model) {
  text::Table table{
      .name = "replications",
      .caption =
          "Ours in the place of each published number: by the metric, and by what the experiment file "
          "names as causes of a difference. Expected: where such a number of further trials lies, 95 "
          "times of 100 (a prediction interval).",
      .columns = {{"number", "Number", true},
                  {"variant", "Variant"},
                  {"by", "Scored by"},
                  {"published", "Published", true},
                  {"ours", "Ours, mean", true},
                  {.key = "interval", .title = "95 %", .where = text::Where::kShown},
                  {.key = "low", .number = true, .where = text::Where::kData},
                  {.key = "high", .number = true, .where = text::Where::kData},
                  {.key = "expected", .title = "Expected", .where = text::Where::kShown},
                  {.key = "expected_low", .number = true, .where = text::Where::kData},
                  {.key = "expected_high", .number = true, .where = text::Where::kData},
                  {"outcome", "Outcome"}},
      .rows = {},
      .keys = 3,
      .row_heads = false};
  for (std::size_t i = 0; i < model.published.size(); ++i) {
    const PublishedNumber& number = model.published[i];
    if (number.replications.size() < 2) continue;  // the number alone: the other table says it
    for (const conclusions::Replication& one : number.replications) {
      const Entry* entry = find_entry(model, one.variant);
      const int digits = std::max(3, conclusions::digits_for({&one.ours}));
      const auto end = [&](double Interval::*of) {
        return text::number_cell(one.expected ? std::optional(*one.expected.*of) : std::nullopt, digits);
      };
      table.rows.push_back({text::integer_cell(static_cast<std::int64_t>(i + 1)),
                            text::Cell(text::clean(entry != nullptr ? entry->label : number.what)),
                            text::Cell(text::metric_title(one.by)), published_cell(number),
                            metric_cell(one.by, one.ours, digits), interval_cell(one.ours, digits),
                            end_cell(one.ours, &Interval::low, digits),
                            end_cell(one.ours, &Interval::high, digits), expected_cell(one, digits),
                            end(&Interval::low), end(&Interval::high), text::Cell(one.outcome)});
    }
  }
  return table;
}

namespace {

const TableRegistration kPublished({.order = 60, .title = "", .make = published_table});
const TableRegistration kReplications({.order = 62, .title = "", .make = replications_table});

}  // namespace

}  // namespace segbench::reports
