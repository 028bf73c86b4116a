// SPDX-License-Identifier: MIT
#include "reports/figures/curves.h"

namespace segbench::reports {
namespace {

std::optional<Plot> draw_loss_curves(const ReportModel& model, const std::string& name) {
  return draw_curves(model, name, model.loss_curves, "training loss");
}

const FigureRegistration kLossCurves({.order = 40,
                                      .name = "loss_curves",
                                      .title = "Training loss by epoch",
                                      .draw = draw_loss_curves,
                                      .table = "loss_curves"});

}  // namespace
}  // namespace segbench::reports
