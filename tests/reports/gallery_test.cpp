// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "harness/text/numbers.h"
#include "reports/panels/panels.h"
#include "tests/reports/report_fixture.h"

namespace segbench::reports {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Test images 200 and 201 are kept; on the first one a third more pixels are wrong.
struct Gallery {
  Gallery()
      : store(study.import()),
        model(build_model(conclusions::load_inputs(store, study.runs.path(), "sizes"))) {
    pixels = add_panels(model, store, study.runs.path());
  }
  std::vector<const Panel*> group(const std::string& part) const {
    std::vector<const Panel*> panels;
    for (const Panel& panel : model.panels) {
      if (panel.group.find(part) != std::string::npos) panels.push_back(&panel);
    }
    return panels;
  }
  tests::FakeStudy study;
  store::Store store;
  ReportModel model;
  std::vector<PanelPixels> pixels;
};

TEST(Gallery, ShowsWhereLeaderAndRunnerUpDifferMost) {
  const Gallery gallery;
  ASSERT_EQ(gallery.pixels.size(), gallery.model.panels.size());
  const std::vector<const Panel*> panels = gallery.group("Where full and medium differ most");
  ASSERT_FALSE(panels.empty());
  for (const Panel* panel : panels) {
    ASSERT_EQ(panel->tiles.size(), 2u);
    EXPECT_EQ(panel->tiles[0].variant, gallery.model.verdict.leader);
    EXPECT_THAT(panel->note, HasSubstr("over 3 seeds"));
    // What it says is the difference that the stored counts give.
    const auto& lines = gallery.model.by_image.at(0).lines;
    const auto line = std::find_if(lines.begin(), lines.end(),
                                   [&](const ImageDifference& one) { return one.index == panel->index; });
    ASSERT_NE(line, lines.end());
    EXPECT_THAT(panel->note, HasSubstr(text::signed_fixed(line->difference, 3)));
  }
  const auto size_of = [&](const Panel* panel) {
    for (const ImageDifference& line : gallery.model.by_image[0].lines) {
      if (line.index == panel->index) return std::fabs(line.difference);
    }
    return -1.0;
  };
  for (std::size_t i = 1; i < panels.size(); ++i) EXPECT_GE(size_of(panels[i - 1]), size_of(panels[i]));
}

TEST(Gallery, ShowsTheImagesThatEveryVariantFindsHard) {
  const Gallery gallery;
  const std::vector<const Panel*> panels = gallery.group("even the best variant scores lowest");
  ASSERT_EQ(panels.size(), 2u) << "of the two that were kept";
  EXPECT_EQ(panels[0]->tiles.size(), 3u);
  const auto best = [](const Panel& panel) {
    double most = 0;
    for (const PanelTile& tile : panel.tiles) most = std::max(most, tile.score.value_or(0));
    return most;
  };
  EXPECT_LE(best(*panels[0]), best(*panels[1]));
  EXPECT_THAT(panels[0]->note, HasSubstr("the best score is " + text::fixed(best(*panels[0]), 3)));
}

TEST(Gallery, DrawsInputTruthPredictionsAndErrors) {
  const Gallery gallery;
  const PanelPictures pictures = draw_panel(gallery.model.panels[0], gallery.pixels[0], gallery.model);
  EXPECT_EQ(pictures.predictions.size(), gallery.model.panels[0].tiles.size());
  EXPECT_TRUE(pictures.input.starts_with("\x89PNG"));
  EXPECT_TRUE(pictures.errors[0].starts_with("\x89PNG"));
  EXPECT_THAT(gallery.model.panels_note, IsEmpty());
}

}  // namespace
}  // namespace segbench::reports
