// SPDX-License-Identifier: MIT
#include "reports/tables/tables.h"

#include <gmock/gmock.h>

#include "harness/core/error.h"
#include "reports/html/html.h"

namespace segbench::reports {
namespace {

// A new table is one file: this registration is all that it takes.
text::Table made_up_table(const ReportModel& model) {
  text::Table table{.name = "made_up", .caption = "Nothing.", .columns = {{"a"}, {"b"}}, .rows = {}};
  if (model.study == "made up") table.rows.push_back({text::Cell("left"), text::Cell("right")});
  return table;
}
const TableRegistration kMadeUpTable({.order = 65, .title = "Made up & shown", .make = made_up_table});

std::vector<std::string> table_names(const ReportModel& model) {
  std::vector<std::string> names;
  for (const text::Table& table : all_tables(model)) names.push_back(table.name);
  return names;
}

TEST(Tables, RegisterThemselvesAndStandInTheirOrder) {
  ReportModel model;
  model.metric = "miou";
  EXPECT_THAT(table_names(model), testing::Not(testing::Contains("made_up"))) << "it has nothing to say";
  model.study = "made up";
  model.trials.emplace_back();
  EXPECT_THAT(table_names(model), testing::ElementsAre("made_up", "trials"));
}

TEST(Tables, WithATitleAreShownOnThePage) {
  ReportModel model;
  model.metric = "miou", model.study = "made up";
  EXPECT_THAT(figures_html(model, {}), testing::HasSubstr("<h3>Made up &amp; shown</h3>"));
  model.study = "another";
  EXPECT_THAT(figures_html(model, {}), testing::Not(testing::HasSubstr("Made up")));
}

TEST(Tables, AreTakenOnce) {
  EXPECT_THROW(TableRegistration({.order = 10, .title = "", .make = made_up_table}), core::InternalError);
}

}  // namespace
}  // namespace segbench::reports
