// SPDX-License-Identifier: MIT
#include "harness/text/metrics.h"
#include "reports/figures/curves.h"

namespace segbench::reports {
namespace {

std::optional<Plot> draw_score_curves(const ReportModel& model, const std::string& name) {
  return draw_curves(model, name, model.score_curves, text::metric_title(model.metric));
}

const FigureRegistration kScoreCurves({.order = 30,
                                       .name = "score_curves",
                                       .title = "{metric}, selection split, by epoch",
                                       .draw = draw_score_curves,
                                       .table = "score_curves"});

}  // namespace
}  // namespace segbench::reports
