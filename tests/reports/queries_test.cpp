// SPDX-License-Identifier: MIT
#include "reports/tables/queries.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "harness/core/error.h"
#include "harness/core/study_file.h"
#include "reports/tables/tables.h"
#include "results/store/sqlite.h"
#include "tests/reports/report_fixture.h"

// What the page says of where its numbers come from is tried: each query is run over the store, and where the
// statistic is a plain one the number must come out of it.

namespace segbench::reports {
namespace {

/// The second column of each row: the value of a trial.
std::vector<double> run_query(const store::Connection& connection, std::string sql,
                              const std::vector<std::string>& trials) {
  std::vector<std::string> quoted;
  for (const std::string& trial : trials) quoted.push_back("'" + trial + "'");
  constexpr std::string_view kPlace = ":trials";
  sql.replace(sql.find(kPlace), kPlace.size(), fmt::format("{}", fmt::join(quoted, ",")));
  store::Statement statement(connection, sql);
  std::vector<double> values;
  while (statement.step()) {
    if (!statement.is_null(1)) values.push_back(statement.real(1));
  }
  return values;
}

/// The statistic of these values; nothing where it is no plain one.
std::optional<double> statistic_of(const std::string& name, const std::vector<double>& values) {
  if (name == "mean")
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  if (name == "maximum") return *std::max_element(values.begin(), values.end());
  if (name == "number of values") return static_cast<double>(values.size());
  if (name == "value" || name == "value of each") return values.front();
  return std::nullopt;
}

TEST(Queries, GiveTheNumbersThatTheTablesShow) {
  const tests::FakeStudy study;
  const store::Store store = study.import();
  const ReportModel model = build_model(conclusions::load_inputs(store, study.runs.path(), "sizes"));
  const store::Connection connection(study.runs / core::kStoreFile, store::Connection::Mode::kReadOnly);
  std::size_t tried = 0, computed = 0;
  for (const text::Table& table : all_tables(model)) {
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      const text::Column& column = table.columns[c];
      if (column.query.empty()) continue;
      EXPECT_FALSE(column.statistic.empty()) << table.name << " " << column.key;
      for (const auto& row : table.rows) {
        const text::Cell& cell = row[c];
        if (cell.trials.empty()) continue;
        const std::vector<double> values = run_query(connection, column.query, cell.trials);
        ++tried;
        if (!cell.value.is_number()) continue;
        ASSERT_FALSE(values.empty()) << table.name << " " << column.key << ": " << column.query;
        const std::optional<double> expected = statistic_of(column.statistic, values);
        if (!expected) continue;
        ++computed;
        EXPECT_NEAR(cell.value.get<double>(), *expected, 1e-9 * std::max(1.0, std::fabs(*expected)))
            << table.name << " " << column.key;
      }
    }
  }
  EXPECT_GT(tried, 200u);
  EXPECT_GT(computed, 100u);
}

/// Curves stand in tables/ only, and what a column of them follows from is its name.
bool needs_no_query(const std::string& table) {
  return table == "loss_curves" || table == "score_curves";
}

TEST(Queries, StandAtEveryColumnOfNumbers) {
  const tests::FakeStudy study;
  const store::Store store = study.import();
  const ReportModel model = build_model(conclusions::load_inputs(store, study.runs.path(), "sizes"));
  for (const text::Table& table : all_tables(model)) {
    if (needs_no_query(table.name)) continue;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      const text::Column& column = table.columns[c];
      const bool has_numbers = std::any_of(table.rows.begin(), table.rows.end(), [&](const auto& row) {
        return row[c].value.is_number() && !row[c].trials.empty();
      });
      const bool is_end = column.key == "interval_low" || column.key == "interval_high";
      EXPECT_TRUE(!has_numbers || is_end || !column.query.empty()) << table.name << " " << column.key;
    }
  }
  EXPECT_FALSE(queries_table(all_tables(model)).rows.empty());
}

TEST(Queries, QuoteWhatAClassIsCalled) {
  EXPECT_THAT(class_query("sheep's \"wool\"", "test"),
              testing::HasSubstr("class_name = 'sheep''s \"wool\"'"));
  text::Table table{.name = "t", .columns = {{"a"}}};
  EXPECT_THROW(set_query(table, "b", "", ""), core::InternalError);
}

}  // namespace
}  // namespace segbench::reports
