// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <map>
#include <string_view>

#include "harness/core/optional_json.h"
#include "harness/core/text.h"
#include "harness/serve/chart.h"
#include "harness/serve/http.h"
#include "harness/serve/pages.h"
#include "harness/text/html.h"
#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "harness/text/table.h"
#include "harness/text/utf8.h"

namespace segbench::serve {
namespace {

constexpr std::size_t kPerPage = 100;
constexpr int kColours = 5;
constexpr std::size_t kMessageColumns = 80;
constexpr std::array<std::string_view, 6> kStatuses = {"running",     "complete", "failed",
                                                       "interrupted", "paused",   "pending"};

/// Epochs that are trained or left out for good, of all that are planned: 0 to 1.
double fraction_done(const Snapshot& snapshot) {
  double done = 0, all = 0;
  for (std::size_t i = 0; i < snapshot.trials.size(); ++i) {
    const auto epochs = static_cast<double>(std::max<std::int64_t>(snapshot.trials[i].epochs, 1));
    const trial::TrialState& state = snapshot.states[i];
    all += epochs;
    done += snapshot.is_over[i] ? epochs : std::min(static_cast<double>(state.epoch.value_or(0)), epochs);
  }
  return all > 0 ? done / all : 0;
}

std::string overview_html(const Snapshot& snapshot, const TrialsQuery& query) {
  std::vector<std::string> facts = {fmt::format("<a class=\"filter\" href=\"/\"{}><b>{}</b> trial{}</a>",
                                                query.status.empty() ? " aria-current=\"true\"" : "",
                                                snapshot.trials.size(),
                                                snapshot.trials.size() == 1 ? "" : "s")};
  for (const std::string_view status : kStatuses) {
    const std::size_t count = snapshot.counts.of(status);
    if (count == 0) continue;
    facts.push_back(fmt::format("<a class=\"filter\" href=\"/?status={0}\"{1}><b>{2}</b> {0}</a>", status,
                                query.status == status ? " aria-current=\"true\"" : "", count));
  }
  const double percent = 100 * fraction_done(snapshot);
  return facts_html(facts) +
         fmt::format(
             "<p class=\"progress\"><progress max=\"100\" value=\"{:.0f}\" aria-label=\"Epochs done\">"
             "</progress> <span>{:.0f} % of the epochs</span></p>\n",
             percent, std::floor(percent));
}

/// The trials of the page, as indices.
std::vector<std::size_t> chosen_trials(const Snapshot& snapshot, const TrialsQuery& query) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < snapshot.trials.size(); ++i) {
    if (query.status.empty() || trial::status_word(snapshot.states[i]) == query.status) chosen.push_back(i);
  }
  return chosen;
}

using CurvesOfTrials = std::vector<std::shared_ptr<const Curves>>;

/// The curves of the trials in the colours of their variants, as long as there are enough colours.
std::string chart_html(const Snapshot& snapshot, const std::vector<std::size_t>& shown,
                       const CurvesOfTrials& curves) {
  std::map<std::string, int> colours;
  Chart chart;
  std::string metric;
  for (std::size_t k = 0; k < shown.size(); ++k) {
    if (curves[k]->score.empty()) continue;
    const run::ListedTrial& trial = snapshot.trials[shown[k]];
    const int colour =
        colours.try_emplace(trial.variant_label, static_cast<int>(colours.size())).first->second;
    if (metric.empty()) metric = curves[k]->metric;
    chart.series.push_back({.name = fmt::format("{}, seed {}", trial.variant_label, trial.seed),
                            .colour = colour,
                            .points = &curves[k]->score});
    chart.epochs = std::max(chart.epochs, trial.epochs);
  }
  const bool coloured = colours.size() <= kColours;
  for (Series& series : chart.series) series.colour = coloured ? series.colour : 0;
  chart.title = fmt::format("{} on the selection split by epoch: {} of the trials below",
                            text::metric_title(metric), text::plural(chart.series.size(), "curve"));
  const std::string svg = chart_svg(chart);
  if (svg.empty()) return "";
  std::string legend;
  if (coloured && colours.size() > 1) {
    legend = "<ul class=\"legend\">";
    for (const auto& [label, colour] : colours)
      legend += fmt::format("<li><span class=\"key s{}\"></span>{}</li>", colour, text::escape(label));
    legend += "</ul>\n";
  }
  return fmt::format(
      "<figure class=\"curves\"><h2>Learning curves</h2>{}{}<figcaption>{}.</figcaption></figure>\n", svg,
      legend, text::escape(chart.title));
}

/// The score of the selected epoch, or, of a trial that has selected none yet, of its last evaluation.
text::Cell score_cell(const trial::TrialState& state, const Curves& curves) {
  if (state.selection_value || curves.score.empty()) return text::number_cell(state.selection_value, 4);
  text::Cell last = text::number_cell(curves.score.back().value, 4);
  last.note = fmt::format("of epoch {}, so far", curves.score.back().epoch);
  return last;
}

std::vector<text::Cell> row_of(const Snapshot& snapshot, std::size_t i, const Curves& curves) {
  const run::ListedTrial& trial = snapshot.trials[i];
  const trial::TrialState& state = snapshot.states[i];
  const std::string epochs = fmt::format("{}/{}", state.epoch.value_or(0), trial.epochs);
  text::Cell seed = static_cast<std::int64_t>(trial.seed);
  text::Cell epoch = state.epoch ? text::Cell(*state.epoch) : text::Cell();
  if (state.epoch) epoch.text = epochs;
  text::Cell elapsed = core::or_null(state.seconds);
  if (state.seconds) elapsed.text = core::human_duration(std::chrono::duration<double>(*state.seconds));
  text::Cell message = text::shortened(state.message, kMessageColumns);
  message.note = state.message;
  return {text::markup_cell(trial.variant_label, trial_link(trial, trial.variant_label)),
          seed,
          text::markup_cell(std::string(trial::status_word(state)), status_html(state)),
          epoch,
          text::markup_cell("", sparkline_svg(curves.score, "score by epoch")),
          score_cell(state, curves),
          text::markup_cell("", sparkline_svg(curves.train_loss, "training loss by epoch")),
          text::number_cell(state.loss, 4),
          elapsed,
          text::markup_cell(trial.trial_id, "<code>" + text::escape(trial.trial_id) + "</code>"),
          message};
}

std::string table_html(const Snapshot& snapshot, const std::vector<std::size_t>& shown,
                       const CurvesOfTrials& curves) {
  text::Table table;
  table.name = "trials";
  table.caption =
      "Score: what the trial selects by, on the selection split, of the selected epoch or, while it runs, of "
      "the last one. Loss: of the last epoch of training.";
  table.columns = {{"variant", "Variant"},
                   {.key = "seed", .title = "Seed", .number = true, .digits = 0},
                   {"status", "Status"},
                   {.key = "epoch", .title = "Epoch", .number = true, .digits = 0},
                   {"scores", "Score by epoch"},
                   {.key = "score", .title = "Score", .number = true},
                   {"losses", "Loss by epoch"},
                   {.key = "loss", .title = "Loss", .number = true},
                   {.key = "elapsed", .title = "Time", .number = true, .help = "Of all attempts"},
                   {"trial", "Trial"},
                   {.key = "message", .title = "Message", .wrap = true}};
  for (std::size_t k = 0; k < shown.size(); ++k) table.rows.push_back(row_of(snapshot, shown[k], *curves[k]));
  return text::to_html(table);
}

std::string pages_html(std::size_t pages, const TrialsQuery& query) {
  if (pages < 2) return "";
  std::string html = "<nav class=\"pages\" aria-label=\"Pages of trials\"><ul>";
  const std::string filter = query.status.empty() ? "" : "status=" + encoded(query.status) + "&amp;";
  for (std::size_t page = 1; page <= pages; ++page) {
    html += fmt::format("<li><a href=\"/?{}page={}\"{}>{}</a></li>", filter, page,
                        page == query.page ? " aria-current=\"page\"" : "", page);
  }
  return html + "</ul></nav>\n";
}

}  // namespace

std::string trials_page(const Snapshot& snapshot, CurveShelf& shelf, const TrialsQuery& asked) {
  const std::vector<std::size_t> chosen = chosen_trials(snapshot, asked);
  const std::size_t pages = std::max<std::size_t>((chosen.size() + kPerPage - 1) / kPerPage, 1);
  TrialsQuery query = asked;
  query.page = std::clamp<std::size_t>(query.page, 1, pages);
  const std::size_t first = (query.page - 1) * kPerPage;
  const std::vector<std::size_t> shown(
      chosen.begin() + static_cast<std::ptrdiff_t>(first),
      chosen.begin() + static_cast<std::ptrdiff_t>(std::min(first + kPerPage, chosen.size())));
  CurvesOfTrials curves;
  for (const std::size_t i : shown) curves.push_back(shelf.of(snapshot.trials[i].folder));
  std::string html =
      fmt::format("<p class=\"kicker\">Study <b>{}</b></p>\n<h1>{}</h1>\n", text::escape(snapshot.study),
                  text::escape(snapshot.question.empty() ? snapshot.study : snapshot.question));
  html += overview_html(snapshot, query);
  html += chart_html(snapshot, shown, curves);
  html += fmt::format("<h2>{} trials</h2>\n", query.status.empty() ? "All" : text::escape(query.status));
  html += shown.empty() ? "<p>None at the moment.</p>\n" : table_html(snapshot, shown, curves);
  html += pages_html(pages, query);
  return framed({.study = snapshot.study, .place = Place::kTrials, .title = "Trials"}, html);
}

}  // namespace segbench::serve
