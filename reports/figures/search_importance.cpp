// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "reports/figures/rows.h"

namespace segbench::reports {
namespace {

using conclusions::SearchParameter;

/// The last step of a setting's key, where no other one ends alike.
std::string short_key(const std::string& key, const std::vector<SearchParameter>& parameters) {
  const std::string step = key.substr(key.rfind('.') + 1);
  const auto ends_alike = std::count_if(
      parameters.begin(), parameters.end(),
      [&](const SearchParameter& other) { return other.key == step || other.key.ends_with("." + step); });
  return ends_alike > 1 ? key : step;
}

std::optional<Plot> draw_importance(const ReportModel& model, const std::string& name) {
  if (!model.search) return std::nullopt;
  std::vector<Quantity> shares;
  std::vector<std::string> labels;
  for (const SearchParameter& parameter : model.search->parameters) {
    if (!parameter.share) continue;
    Quantity share;
    share.mean = parameter.share;
    share.values = {*parameter.share};
    share.interval = parameter.interval;
    share.trials = {model.search->trials.front()};
    shares.push_back(std::move(share));
    labels.push_back(short_key(parameter.key, model.search->parameters));
  }
  if (shares.empty()) return std::nullopt;
  std::vector<DotRow> rows;
  for (std::size_t i = 0; i < shares.size(); ++i) rows.push_back({labels[i], &shares[i], {0}});
  Plot plot =
      draw_rows(model, name, rows,
                fmt::format("share of the variance of {}", text::metric_title(model.search->metric)), true);
  plot.trials = model.search->trials;
  plot.description.clear();
  for (std::size_t i = 0; i < shares.size(); ++i)
    plot.description +=
        fmt::format("{}: {} ({} to {}). ", labels[i], text::fixed(*shares[i].mean, 3),
                    text::fixed(shares[i].interval->low, 3), text::fixed(shares[i].interval->high, 3));
  plot.caption =
      "What each setting explains by itself of the variance of the scores on the selection split, with its "
      "95% interval.";
  return plot;
}

const FigureRegistration kImportanceFigure({.order = 4,
                                            .name = "search_importance",
                                            .title = "What each setting explains",
                                            .draw = draw_importance,
                                            .table = "search_importance"});

}  // namespace
}  // namespace segbench::reports
