// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "reports/model/shown.h"
#include "reports/tables/cells.h"
#include "reports/tables/tables.h"

namespace segbench::reports {
namespace {

using conclusions::BudgetPoint, conclusions::SearchDraw, conclusions::SearchLevel,
    conclusions::SearchParameter, conclusions::SearchResult;

text::Table empty_table(const std::string& name) {
  return {.name = name, .caption = "", .columns = {{"draw", "Draw"}}, .rows = {}};
}

std::string range_text(const std::optional<Interval>& interval, int digits) {
  return interval
             ? fmt::format("{} … {}", text::fixed(interval->low, digits), text::fixed(interval->high, digits))
             : "";
}

text::Cell end_of(const std::optional<Interval>& interval, double Interval::*end) {
  return text::number_cell(interval ? std::optional((*interval).*end) : std::nullopt, 4);
}

/// How much the selection score of a draw is above its test score, the better direction counted as above.
std::optional<double> gap_of(const SearchDraw& draw, const SearchResult& search) {
  if (!draw.selection || !draw.test) return std::nullopt;
  const double gap = *draw.selection - *draw.test;
  return text::higher_is_better(search.metric) ? gap : -gap;
}

std::vector<text::Column> draw_columns(const SearchResult& search) {
  std::vector<text::Column> columns = {{"draw", "Draw", true},
                                       {"variant", "Variant"},
                                       {"variant_id", "", false, text::Where::kData},
                                       {"fate", "Went"}};
  for (const std::int64_t rung : search.rungs) {
    text::Column column = text::number_column(fmt::format("score_after_{}", rung));
    column.title = fmt::format("After {}", text::plural(static_cast<std::size_t>(rung), "epoch"));
    column.help = "on the selection split, mean over seeds; the epoch that would be selected so far";
    columns.push_back(column);
  }
  columns.push_back({"test", "Test", true, text::Where::kEverywhere, "took no part in the choice"});
  columns.push_back(
      {"gap", "Selection − test", true, text::Where::kEverywhere, "how much the selection split flatters"});
  columns.push_back({"epochs", "Epochs", true, text::Where::kEverywhere, "trained, all seeds together"});
  columns.push_back({"train_seconds", "Training", true});
  columns.push_back({"chosen", "Chosen"});
  return columns;
}

/// The draws in their order; on pages those that the leaderboard shows.
text::Table search_table(const ReportModel& model) {
  if (!model.search) return empty_table("search");
  const SearchResult& search = *model.search;
  std::set<std::string> shown;
  for (const Entry& entry : model.leaderboard) shown.insert(entry.id);
  text::Table table{
      .name = "search",
      .caption = fmt::format("What was drawn ({}, seed {}) and how far each draw was trained. Scores: {} on "
                             "the selection split, by which alone it is decided which draws go on and which "
                             "one is chosen.{}",
                             search.method, search.seed, text::metric_title(search.metric),
                             more_text(model, "search")),
      .columns = draw_columns(search),
      .rows = {},
      .keys = 2,
      .row_heads = false,
      .sortable = true};
  for (const SearchDraw& draw : search.draws) {
    if (!shown.contains(draw.variant)) continue;
    std::vector<text::Cell> row = {text::integer_cell(static_cast<std::int64_t>(draw.number), draw.trials),
                                   text::Cell(text::clean(draw.label)), text::Cell(draw.variant),
                                   text::Cell(draw.fate)};
    for (std::size_t k = 0; k < search.rungs.size(); ++k) {
      const bool is_known = k < draw.scores.size();
      row.push_back(text::number_cell(is_known ? draw.scores[k] : std::nullopt, 4, draw.trials,
                                      is_known ? "undefined" : "not trained so far"));
    }
    const std::optional<double> gap = gap_of(draw, search);
    row.push_back(text::number_cell(draw.test, 4, draw.trials, "not complete"));
    row.push_back(
        text::number_cell(gap, gap ? text::signed_fixed(*gap, 4) : "", draw.trials, "not complete"));
    row.push_back(text::integer_cell(draw.epochs, draw.trials));
    row.push_back(
        text::number_cell(draw.seconds, text::metric_value("train_seconds", draw.seconds, 1), draw.trials));
    row.emplace_back(draw.variant == search.chosen ? "yes" : "no");
    table.rows.push_back(std::move(row));
  }
  return table;
}

text::Table importance_table(const ReportModel& model) {
  if (!model.search || model.search->parameters.empty()) return empty_table("search_importance");
  const SearchResult& search = *model.search;
  text::Table table{
      .name = "search_importance",
      .caption = fmt::format("What each setting explains by itself of the variance of {} on the selection "
                             "split after {}: epsilon squared "
                             "over groups of draws with similar values (Kelley 1935), the main effect of "
                             "functional ANOVA (Hutter et al., "
                             "ICML 2014) from given draws (Plischke et al. 2013), with a 95% jackknife "
                             "interval. What is left is due to "
                             "settings that act together, to seeds, and to differences within groups. p: how "
                             "often shuffled scores "
                             "explain as much.",
                             text::metric_title(search.metric),
                             text::plural(static_cast<std::size_t>(search.compared_after), "epoch")),
      .columns = {{"setting", "Setting"},
                  {"share", "Share of variance", true},
                  {"interval", "95% interval", true, text::Where::kShown},
                  {"interval_low", "", true, text::Where::kData},
                  {"interval_high", "", true, text::Where::kData},
                  {"p", "p", true},
                  {"groups", "Groups", true}},
      .rows = {}};
  for (const SearchParameter& parameter : search.parameters) {
    table.rows.push_back({text::Cell(parameter.key),
                          text::number_cell(parameter.share, 3, search.trials, parameter.why_undefined),
                          text::Cell(range_text(parameter.interval, 3)),
                          end_of(parameter.interval, &Interval::low),
                          end_of(parameter.interval, &Interval::high),
                          text::number_cell(parameter.p, 3, search.trials, parameter.why_undefined),
                          text::integer_cell(static_cast<std::int64_t>(parameter.levels.size()))});
  }
  return table;
}

text::Table effects_table(const ReportModel& model) {
  if (!model.search || model.search->parameters.empty()) return empty_table("search_effects");
  const SearchResult& search = *model.search;
  text::Table table{
      .name = "search_effects",
      .caption = fmt::format(
          "The marginal effect of each setting: draws grouped by its value alone, whatever the other "
          "settings were. Scores: {} on the selection split after {}; the interval is Student's t over "
          "draws. Time: training, mean over draws.",
          text::metric_title(search.metric),
          text::plural(static_cast<std::size_t>(search.compared_after), "epoch")),
      .columns = {{"setting", "Setting"},
                  {"values", "Values"},
                  {"draws", "Draws", true},
                  {"mean", "Mean", true},
                  {"interval", "95% interval", true, text::Where::kShown},
                  {"interval_low", "", true, text::Where::kData},
                  {"interval_high", "", true, text::Where::kData},
                  {"best", "Best", true},
                  {"seconds_per_epoch", "Seconds an epoch", true}},
      .rows = {},
      .keys = 2};
  for (const SearchParameter& parameter : search.parameters) {
    for (const SearchLevel& level : parameter.levels) {
      table.rows.push_back({text::Cell(parameter.key), text::Cell(level.text),
                            text::integer_cell(static_cast<std::int64_t>(level.draws)),
                            text::number_cell(level.mean, 4, search.trials),
                            text::Cell(range_text(level.interval, 4)), end_of(level.interval, &Interval::low),
                            end_of(level.interval, &Interval::high),
                            text::number_cell(level.best, 4, search.trials),
                            text::number_cell(level.seconds_per_epoch, 2, search.trials)});
    }
  }
  return table;
}

text::Table budget_table(const ReportModel& model) {
  if (!model.search || model.search->budget.empty()) return empty_table("expected_best");
  const SearchResult& search = *model.search;
  text::Table table{.name = "expected_best",
                    .caption = fmt::format("What the best of so many draws may be expected to score: {} on "
                                           "the selection split (Dodge et al., EMNLP 2019), "
                                           "with the standard deviation of that best and a 95% interval over "
                                           "resampled draws; unbiased: the mean over all "
                                           "subsets of so many draws. Failed draws count as the worst. Time: "
                                           "so many draws at the mean time of one.",
                                           text::metric_title(search.metric)),
                    .columns = {{"draws", "Draws", true},
                                {"hours", "Hours of training", true},
                                {"expected", "Expected best", true},
                                {"sd", "SD", true},
                                {"interval", "95% interval", true, text::Where::kShown},
                                {"interval_low", "", true, text::Where::kData},
                                {"interval_high", "", true, text::Where::kData},
                                {"unbiased", "Unbiased", true}},
                    .rows = {}};
  for (const BudgetPoint& point : search.budget) {
    table.rows.push_back(
        {text::integer_cell(static_cast<std::int64_t>(point.draws)),
         text::number_cell(point.hours, 3, search.trials),
         text::number_cell(point.expected, 4, search.trials), text::number_cell(point.sd, 4, search.trials),
         text::Cell(range_text(point.interval, 4)), text::number_cell(point.interval.low, 4),
         text::number_cell(point.interval.high, 4), text::number_cell(point.unbiased, 4, search.trials)});
  }
  return table;
}

const TableRegistration kSearch({.order = 11, .title = "The search", .make = search_table});
const TableRegistration kImportance({.order = 12,
                                     .title = "What each setting explains",
                                     .make = importance_table});
const TableRegistration kEffects({.order = 13, .title = "Marginal effects", .make = effects_table});
const TableRegistration kBudget({.order = 14, .title = "Expected best against budget", .make = budget_table});

}  // namespace
}  // namespace segbench::reports
