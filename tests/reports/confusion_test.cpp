// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "reports/figures/figure.h"
#include "reports/tables/tables.h"

namespace segbench::reports {
namespace {

using testing::HasSubstr, testing::Not;

/// A variant that mostly takes cars for trucks and back, and finds the road; trees do not occur.
ReportModel model_with(int classes) {
  ReportModel model;
  model.metric = "miou", model.split = "test";
  Entry entry;
  entry.id = entry.label = "unet";
  model.leaderboard = {entry};
  core::Confusion pixels(classes);
  pixels.at(0, 0) = 9000, pixels.at(1, 1) = 600, pixels.at(1, 2) = 400, pixels.at(2, 1) = 300;
  pixels.at(2, 2) = 700;
  std::vector<std::string> names = {"road", "car", "truck"};
  while (static_cast<int>(names.size()) < classes) names.push_back("tree " + std::to_string(names.size()));
  model.confusions = {{.variant = "unet", .trials = {"t1"}, .classes = names, .pixels = pixels}};
  return model;
}

const Plot* find_plot(const std::vector<Plot>& plots) {
  for (const Plot& plot : plots) {
    if (plot.name == "confusion") return &plot;
  }
  return nullptr;
}

TEST(ConfusionFigure, ShowsSharesOfTheTruthAndHintsAtClassesThatMayBeOne) {
  const std::vector<Plot> plots = make_plots(model_with(4));
  const Plot* plot = find_plot(plots);
  ASSERT_NE(plot, nullptr);
  const std::string& data = plot->data.at("confusion.dat");
  EXPECT_THAT(data, HasSubstr("1 1 1 100 16777215\n"));
  EXPECT_THAT(data, HasSubstr("\n3 2 0.4 40 "));
  EXPECT_THAT(data, HasSubstr("\n2 3 0.3 30 "));
  EXPECT_THAT(data, HasSubstr("\n1 2 0 \"\" ")) << "a cell of next to nothing stays free of text";
  EXPECT_THAT(data, Not(HasSubstr("\n1 4 "))) << "a class without pixels has no shares";
  EXPECT_THAT(plot->caption, HasSubstr("35 % of the pixels of car and truck are taken for the other"));
  EXPECT_THAT(plot->trials, testing::ElementsAre("t1"));
  ReportModel none;
  none.metric = "miou";
  const std::vector<Plot> no_plots = make_plots(none);
  EXPECT_EQ(find_plot(no_plots), nullptr);
}

TEST(ConfusionFigure, LeavesOutWhatIsHardlyConfusedOfManyClasses) {
  const std::vector<Plot> plots = make_plots(model_with(40));
  const Plot* plot = find_plot(plots);
  ASSERT_NE(plot, nullptr);
  EXPECT_THAT(plot->caption, HasSubstr("the 24 of 40 classes that are confused the most"));
  EXPECT_THAT(plot->data.at("confusion.dat"), HasSubstr("\n3 2 0.4 40 "));
}

TEST(ConfusionTable, ShowsTheMatrixOfTheLeader) {
  for (const text::Table& table : all_tables(model_with(4))) {
    if (table.name != "confusion_matrix") continue;
    EXPECT_EQ(text::to_csv(table),
              "class,road,car,truck,tree 3\nroad,1,0,0,0\ncar,0,0.6,0.4,0\ntruck,0,0.3,0.7,0\n"
              "tree 3,,,,\n");
    EXPECT_EQ(table.rows.at(1).at(3).text, "40");
    EXPECT_THAT(table.rows.at(1).at(3).style, HasSubstr("color:"));
    return;
  }
  FAIL() << "no matrix";
}

TEST(ConfusionTable, NamesPairs) {
  for (const text::Table& table : all_tables(model_with(4))) {
    if (table.name != "confusions") continue;
    ASSERT_EQ(table.rows.size(), 1U);
    EXPECT_EQ(text::to_csv(table),
              "variant,class,other_class,taken_for_it,and_back,share,hint\n"
              "unet,car,truck,400,300,0.35,may be one class (data.merge)\n");
    return;
  }
  FAIL() << "no table of confusions";
}

}  // namespace
}  // namespace segbench::reports
