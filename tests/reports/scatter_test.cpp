// SPDX-License-Identifier: MIT
#include "reports/figures/figure.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "results/conclusions/summarise.h"

namespace segbench::reports {
namespace {

Entry entry_of(const std::string& label, std::int64_t parameters, double score) {
  Entry entry;
  entry.id = entry.label = label;
  entry.planned = entry.complete = 1;
  entry.score = conclusions::summarise({{label + "1", 1, score}});
  entry.parameters = parameters;
  return entry;
}

TEST(Plots, LabelAnAxisOfNearlyEqualSizes) {
  ReportModel model;
  model.metric = "miou_no_background";
  model.split = "test";
  model.leaderboard = {entry_of("unet", 255963, 0.31), entry_of("fcn", 247355, 0.13)};
  const std::vector<Plot> plots = make_plots(model);
  const auto size =
      std::find_if(plots.begin(), plots.end(), [](const Plot& plot) { return plot.name == "size_score"; });
  ASSERT_NE(size, plots.end());
  EXPECT_THAT(size->script, testing::HasSubstr("'250 k' 250000, '300 k' 300000"));
}

}  // namespace
}  // namespace segbench::reports
