// SPDX-License-Identifier: MIT
#include "reports/tables/tables.h"

#include <gmock/gmock.h>

#include "harness/core/error.h"
#include "reports/html/html.h"
#include "results/conclusions/summarise.h"

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

text::Table table_of(const ReportModel& model, const std::string& name) {
  for (text::Table& table : all_tables(model)) {
    if (table.name == name) return std::move(table);
  }
  return {};
}

Entry entry_of(const std::string& label) {
  Entry entry;
  entry.id = entry.label = label;
  return entry;
}

TEST(Tables, ListTheImagesThatAreBetterAndThoseThatAreWorse) {
  ReportModel model;
  model.metric = "miou", model.split = "test";
  model.leaderboard = {entry_of("a"), entry_of("b")};
  const auto line = [](std::int64_t index, const std::string& id, double candidate) {
    return conclusions::ImageDifference{index, id, candidate, 0.5, candidate - 0.5};
  };
  model.by_image = {{.candidate = "a",
                     .reference = "b",
                     .trials = {},
                     .better = 2,
                     .worse = 1,
                     .undefined = 0,
                     .lines = {line(4, "much better", 0.75), line(2, "better", 0.625), line(1, "equal", 0.5),
                               line(3, "worse", 0.25)}}};
  std::vector<std::string> images;
  for (const auto& row : table_of(model, "largest_differences").rows)
    images.push_back(row[2].value.get<std::string>());
  EXPECT_THAT(images, testing::ElementsAre("much better", "better", "worse"));
  EXPECT_EQ(table_of(model, "image_differences").rows.size(), 4u);
}

TEST(Tables, OfClassesLeaveOutAVariantWithoutTrials) {
  ReportModel model;
  model.metric = "miou", model.split = "test";
  model.leaderboard = {entry_of("trained"), entry_of("paused")};
  EXPECT_TRUE(per_class_table(model).rows.empty());
  model.leaderboard[0].classes = {{.name = "road", .iou = conclusions::summarise({{"t", 1, 0.5}})}};
  EXPECT_EQ(per_class_table(model).rows.size(), 1u);
}

TEST(Tables, ShowAPValueThatIsTooSmallAsABound) {
  ReportModel model;
  model.metric = "loss", model.split = "test";
  model.leaderboard = {entry_of("a"), entry_of("b")};
  conclusions::PairedDifference pair;
  pair.candidate = "b", pair.reference = "a";
  pair.evidence.p_t = 3e-9, pair.evidence.p_sign_flip = 0.25;
  model.to_best = {pair};
  const std::string shown = text::to_markdown(differences_table(model));
  EXPECT_THAT(shown, testing::HasSubstr("< 0.0001"));
  EXPECT_THAT(shown, testing::HasSubstr("0.2500"));
  EXPECT_THAT(shown, testing::HasSubstr("P(larger)")) << "a larger loss is no better";
}

}  // namespace
}  // namespace segbench::reports
