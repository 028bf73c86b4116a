// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "harness/core/measures.h"
#include "harness/text/html.h"
#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "reports/tables/tables.h"

namespace segbench::reports {

text::Table metric_definitions_table(const ReportModel& model) {
  text::Table table{
      .name = "metric_definitions",
      .caption =
          "What the metrics mean. All follow from integer pixel counts, pooled over the images of a "
          "split, void pixels excluded.",
      .columns = {{"metric", "Metric"},
                  {"key", "Key"},
                  {"meaning", "Meaning", false, text::Where::kEverywhere, "", /*wrap=*/true}},
      .rows = {}};
  for (const core::Measure& metric : shown_metrics(model)) {
    table.rows.push_back(
        {text::Cell(std::string(metric.title)),
         text::markup_cell(std::string(metric.key), fmt::format("<code>{}</code>", text::escape(metric.key))),
         text::Cell(std::string(metric.definition))});
  }
  return table;
}

text::Table facts_table(const std::string& name, const std::string& caption, const std::vector<Fact>& facts,
                        const ReportModel& model) {
  text::Table table{.name = name,
                    .caption = caption,
                    .columns = {{"setting", "Setting"},
                                {"value", "Value", false, text::Where::kEverywhere, "", /*wrap=*/true}},
                    .rows = {}};
  const bool differing =
      std::any_of(facts.begin(), facts.end(), [](const Fact& f) { return !f.trials.empty(); });
  if (differing) table.columns.push_back({"trials", "Trials"});
  for (const Fact& fact : facts) {
    std::vector<text::Cell> row = {
        text::markup_cell(fact.name, fmt::format("<code>{}</code>", text::escape(fact.name))),
        text::Cell(fact.value)};
    row[1].trials = fact.trials;
    if (differing) {
      const bool all = fact.trials.empty() || fact.trials.size() == model.trials.size();
      row.push_back(
          text::Cell(all ? "all" : fmt::format("{} of {}", fact.trials.size(), model.trials.size())));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

text::Table curves_table(const ReportModel& model, const std::string& name, const std::string& caption,
                         const std::vector<Curve>& curves) {
  text::Table table{.name = name,
                    .caption = caption,
                    .columns = {{"variant", "Variant"},
                                {"epoch", "Epoch", true},
                                {"n", "n", true},
                                {"mean", "Mean", true},
                                {"low", "Least", true},
                                {"high", "Greatest", true}},
                    .rows = {}};
  for (const Curve& curve : curves) {
    const Entry* entry = find_entry(model, curve.variant);
    for (const CurvePoint& point : curve.points) {
      table.rows.push_back(
          {text::Cell(entry != nullptr ? entry->label : curve.variant), text::integer_cell(point.epoch),
           text::integer_cell(static_cast<std::int64_t>(point.n)),
           text::number_cell(point.mean, 4, curve.trials), text::number_cell(point.low, 4, curve.trials),
           text::number_cell(point.high, 4, curve.trials)});
    }
  }
  return table;
}

namespace {

const TableRegistration kLossCurves({.order = 110, .title = "", .make = [](const ReportModel& model) {
                                       return curves_table(model, "loss_curves",
                                                           "Training loss by epoch, over trials.",
                                                           model.loss_curves);
                                     }});
const TableRegistration kScoreCurves({.order = 120, .title = "", .make = [](const ReportModel& model) {
                                        return curves_table(
                                            model, "score_curves",
                                            text::metric_title(model.metric) +
                                                " on the selection split by epoch, over trials.",
                                            model.score_curves);
                                      }});
const TableRegistration kSettings({.order = 130, .title = "", .make = [](const ReportModel& model) {
                                     return facts_table("settings", "Settings that all variants share.",
                                                        model.measurement.settings, model);
                                   }});
const TableRegistration kEnvironment({.order = 140, .title = "", .make = [](const ReportModel& model) {
                                        return facts_table("environment", "Where the trials ran.",
                                                           model.measurement.environment, model);
                                      }});

}  // namespace

}  // namespace segbench::reports
