// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "reports/figures/figure.h"
#include "reports/tables/tables.h"
#include "results/conclusions/summarise.h"
#include "tests/reports/report_fixture.h"

namespace segbench::reports {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::optional<Plot> plot_of(const ReportModel& model, const std::string& name) {
  for (Plot& plot : make_plots(model)) {
    if (plot.name == name) return std::move(plot);
  }
  return std::nullopt;
}

ReportModel ranked(const std::vector<double>& ranks, std::size_t seeds, double p,
                   double critical_difference) {
  ReportModel model;
  model.metric = "miou", model.split = "test";
  conclusions::Ranking ranking{
      .lines = {}, .seeds = seeds, .p = p, .critical_difference = critical_difference};
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    Entry entry;
    entry.id = entry.label = std::string(1, static_cast<char>('a' + i));
    model.leaderboard.push_back(entry);
    ranking.lines.push_back({entry.id, ranks[i]});
  }
  model.ranking = ranking;
  return model;
}

TEST(CriticalDifference, JoinsWhatIsNotToldApart) {
  const auto plot = plot_of(ranked({1, 1.8, 3.2, 4}, 10, 0.001, 1.5), "critical_difference");
  ASSERT_TRUE(plot);
  EXPECT_THAT(plot->description,
              HasSubstr("Not told apart: a to b. Not told apart: b to c. Not told apart: c to d."));
  EXPECT_THAT(plot->caption, HasSubstr("over 10 seeds"));
  EXPECT_THAT(plot->caption, Not(HasSubstr("read no order")));
}

TEST(CriticalDifference, DrawsOnlyTheLargestGroups) {
  const auto plot = plot_of(ranked({1, 2, 3}, 5, 0.2, 2.1), "critical_difference");
  ASSERT_TRUE(plot);
  EXPECT_THAT(plot->description, HasSubstr("Not told apart: a to c."));
  EXPECT_THAT(plot->description, Not(HasSubstr("b to c")));
}

TEST(CriticalDifference, OwnsThatFewSeedsTellLittle) {
  const auto plot = plot_of(ranked({1, 2, 3}, 2, 0.3, 2.4), "critical_difference");
  ASSERT_TRUE(plot);
  EXPECT_THAT(plot->caption, HasSubstr("cannot part any two of 3 variants"));
  EXPECT_THAT(plot->caption, HasSubstr("read no order from the ranks"));
  ReportModel none;
  EXPECT_FALSE(plot_of(none, "critical_difference"));
}

TEST(ComparisonFigures, ShowLeaderAndRunnerUpByImageAndClass) {
  const tests::FakeStudy study;
  const store::Store store = study.import();
  const ReportModel model = build_model(conclusions::load_inputs(store, study.runs.path(), "sizes"));
  const auto images = plot_of(model, "image_differences"), classes = plot_of(model, "class_differences"),
             times = plot_of(model, "time_parts");
  ASSERT_TRUE(images && classes && times);
  const ImageComparison& pair = model.by_image.at(0);
  EXPECT_THAT(images->caption, HasSubstr("full is better on " + std::to_string(pair.better) + " of " +
                                         std::to_string(pair.lines.size()) + " images"));
  EXPECT_THAT(classes->script, HasSubstr("'road'"));
  EXPECT_THAT(classes->caption, HasSubstr("full minus medium"));
  EXPECT_THAT(times->description, HasSubstr("small: training "));
}

TEST(ComparisonFigures, SayHowLikelyAVariantIsOnTheFront) {
  ReportModel model;
  model.metric = "miou", model.split = "test";
  for (const auto& [label, score, size] : {std::tuple{"a", 0.5, 10}, {"b", 0.6, 100}}) {
    Entry entry;
    entry.id = entry.label = label;
    entry.score = conclusions::summarise({{std::string(label) + "1", 1, score}});
    entry.parameters = size;
    model.leaderboard.push_back(entry);
  }
  model.fronts = {{.cost = "parameters",
                   .lines = {{.variant = "a", .cost = 10, .score = 0.5, .is_on = true, .probability = 1},
                             {.variant = "b", .cost = 100, .score = 0.6, .is_on = true, .probability = 0.61}},
                   .trials = {}}};
  const auto plot = plot_of(model, "size_score");
  ASSERT_TRUE(plot);
  EXPECT_THAT(plot->script, HasSubstr("'b · 61%'"));
  EXPECT_THAT(plot->script, HasSubstr("'a'")) << "no doubt about it";
  EXPECT_THAT(plot->data.at("size_score.dat"), HasSubstr("# the front: cost, mean score\n10 0.5\n100 0.6\n"));
  EXPECT_THAT(plot->description, HasSubstr("on the front with probability 0.61"));
}

TEST(Figures, NameATableThatIsThere) {
  const tests::FakeStudy study;
  const store::Store store = study.import();
  const ReportModel model = build_model(conclusions::load_inputs(store, study.runs.path(), "sizes"));
  std::vector<std::string> names;
  for (const text::Table& table : all_tables(model)) names.push_back(table.name);
  for (const Plot& plot : make_plots(model)) {
    EXPECT_THAT(names, testing::Contains(plot.table)) << "the data of " << plot.name << " as CSV";
  }
}

}  // namespace
}  // namespace segbench::reports
