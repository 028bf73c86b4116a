// SPDX-License-Identifier: MIT
#include "reports/figures/figure.h"

#include "harness/core/error.h"
#include "harness/text/metrics.h"

namespace segbench::reports {
namespace {

std::map<int, Figure>& registry() {
  static std::map<int, Figure> figures;
  return figures;
}

std::string title_of(const Figure& figure, const ReportModel& model) {
  constexpr std::string_view kMetric = "{metric}";
  std::string title = figure.title;
  if (const std::size_t at = title.find(kMetric); at != std::string::npos)
    title.replace(at, kMetric.size(), text::metric_title(model.metric));
  return title;
}

}  // namespace

FigureRegistration::FigureRegistration(Figure figure) {
  for (const auto& [order, known] : registry())
    SEGBENCH_CHECK(known.name != figure.name, "two figures are called {}", figure.name);
  SEGBENCH_CHECK(!registry().contains(figure.order), "two figures have the order {}", figure.order);
  registry().emplace(figure.order, std::move(figure));
}

std::vector<Plot> make_plots(const ReportModel& model) {
  std::vector<Plot> plots;
  for (const auto& [order, figure] : registry()) {
    std::optional<Plot> plot = figure.draw(model, figure.name);
    if (!plot) continue;
    plot->name = figure.name;
    plot->title = title_of(figure, model);
    plot->table = figure.table;
    plots.push_back(std::move(*plot));
  }
  return plots;
}

}  // namespace segbench::reports
