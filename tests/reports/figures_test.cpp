// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "harness/core/error.h"
#include "reports/figures/figure.h"
#include "reports/figures/palette.h"
#include "reports/figures/svg.h"
#include "reports/figures/ticks.h"

namespace segbench::reports {
namespace {

TEST(Ticks, ChoosesRoundTicksThatCoverTheRange) {
  const Ticks t = ticks(0.412, 0.587, 5);
  EXPECT_LE(t.first, 0.412);
  EXPECT_GE(t.last, 0.587);
  EXPECT_DOUBLE_EQ(t.step, 0.05);
  EXPECT_EQ(t.digits, 2);
  EXPECT_GT(ticks(0.5, 0.5).last, ticks(0.5, 0.5).first) << "a single value still has a range";
  EXPECT_EQ(ticks(0, 100, 5).digits, 0);
  for (std::size_t high = 1; high < 40; ++high) {
    const Ticks whole = whole_ticks(high);
    EXPECT_EQ(whole.step, std::round(whole.step)) << high;
    EXPECT_EQ(whole.digits, 0);
    EXPECT_GE(whole.last, static_cast<double>(high));
  }
  EXPECT_EQ(ticks(0, 0.125, 5).digits, 3) << "a step of 0.025 has three decimals";
}

TEST(Palette, HeatCellsKeepTheirTextReadable) {
  EXPECT_EQ(heat_shade(0).text, "#000000");
  EXPECT_EQ(heat_shade(1).text, "#ffffff");
  EXPECT_EQ(heat_shade(-1).background, heat_shade(0).background);
  EXPECT_EQ(heat_shade(2).background, heat_shade(1).background);
}

// A new figure is one file: this registration is all that it takes.
std::optional<Plot> draw_made_up(const ReportModel& model, const std::string& name) {
  if (model.study != "made up") return std::nullopt;
  Plot plot;
  plot.caption = "Nothing.";
  plot.script = "# " + name + "\n";
  return plot;
}
const FigureRegistration kMadeUp(
    {.order = 65, .name = "made_up", .title = "{metric} made up", .draw = draw_made_up});

std::vector<std::string> figure_names(const ReportModel& model) {
  std::vector<std::string> names;
  for (const Plot& plot : make_plots(model)) names.push_back(plot.name);
  return names;
}

TEST(Figures, RegisterThemselves) {
  ReportModel model;
  model.metric = "miou";
  EXPECT_THAT(figure_names(model), testing::IsEmpty()) << "nothing to draw";
  model.study = "made up";
  ASSERT_THAT(figure_names(model), testing::ElementsAre("made_up"));
  EXPECT_EQ(make_plots(model)[0].title, "mIoU made up");
  EXPECT_EQ(make_plots(model)[0].script, "# made_up\n");
}

TEST(Figures, StandInTheirOrder) {
  ReportModel model;
  model.metric = "miou", model.study = "made up";
  Entry entry;
  entry.id = entry.label = "a";
  entry.score.values = {0.5}, entry.score.trials = {"t"}, entry.score.mean = 0.5;
  entry.classes = {{"road", entry.score}};
  model.leaderboard = {entry};
  EXPECT_THAT(figure_names(model), testing::ElementsAre("strip", "made_up", "per_class"));
}

TEST(Figures, AreTakenOnce) {
  EXPECT_THROW(FigureRegistration({.order = 66, .name = "strip", .title = "", .draw = draw_made_up}),
               core::InternalError);
  EXPECT_THROW(FigureRegistration({.order = 10, .name = "other", .title = "", .draw = draw_made_up}),
               core::InternalError);
}

TEST(Svg, TellsWhoDrewIt) {
  EXPECT_EQ(drawn_by("<svg><desc>Produced by GNUPLOT 5.4 patchlevel 4 </desc></svg>"),
            "GNUPLOT 5.4 patchlevel 4");
  EXPECT_EQ(drawn_by("<svg><desc>by hand</desc></svg>"), "");
  EXPECT_EQ(drawn_by("no picture"), "");
}

TEST(Svg, LosesGroupsThatHoldNothing) {
  const std::string page = inline_svg(
      "<svg viewBox='0 0 1 1'><g fill='none'><g><title>x</title></g></g><g><path d='M0 0'/></g></svg>", "n",
      "<t>", "\x01");
  EXPECT_EQ(page,
            "<svg viewBox=\"0 0 1 1\" style=\"max-width:1px\" role=\"img\" aria-labelledby=\"n-title "
            "n-text\"><title "
            "id=\"n-title\">&lt;t&gt;</title><desc id=\"n-text\"> </desc><g><path d=\"M0 0\"/></g></svg>");
}

}  // namespace
}  // namespace segbench::reports
