// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "harness/core/error.h"
#include "harness/core/json.h"
#include "harness/core/optional_json.h"
#include "harness/core/read_end.h"
#include "harness/core/text.h"
#include "harness/core/trial.h"
#include "harness/serve/chart.h"
#include "harness/serve/http.h"
#include "harness/serve/pages.h"
#include "harness/text/html.h"
#include "harness/text/metrics.h"
#include "harness/text/table.h"
#include "harness/trial/attempt_log.h"

namespace segbench::serve {
namespace {

constexpr std::size_t kShownLogBytes = std::size_t{16} << 10;

std::string figure_html(const std::string& heading, const Chart& chart, const std::string& caption) {
  const std::string svg = chart_svg(chart);
  if (svg.empty()) return "";
  return fmt::format("<figure><h2>{}</h2>{}<figcaption>{}</figcaption></figure>\n", text::escape(heading),
                     svg, caption);
}

std::string charts_html(const Curves& curves, std::int64_t epochs) {
  const std::string title = text::metric_title(curves.metric);
  std::string html =
      figure_html(title,
                  {.title = title + " on the selection split by epoch",
                   .series = {{.name = title, .colour = 0, .points = &curves.score}},
                   .epochs = epochs,
                   .marked_epoch = curves.selected_epoch},
                  curves.selected_epoch
                      ? fmt::format("On the selection split. The line marks epoch {}, whose weights are "
                                    "selected.",
                                    *curves.selected_epoch)
                      : "On the selection split.");
  html += figure_html(
      "Loss",
      {.title = "Training loss and loss on the selection split by epoch",
       .series = {{.name = "training", .colour = 0, .points = &curves.train_loss},
                  {.name = "selection split", .colour = 1, .points = &curves.selection_loss, .dashed = true}},
       .epochs = epochs,
       .marked_epoch = curves.selected_epoch},
      "<span class=\"key s0\"></span>training <span class=\"key s1 dashed\"></span>selection split");
  return html.empty() ? "<p>No epoch has ended yet.</p>\n" : "<div class=\"figures\">\n" + html + "</div>\n";
}

std::string numbers_html(const Curves& curves) {
  if (curves.train_loss.empty()) return "";
  std::map<std::int64_t, const CurvePoint*> scores, losses;
  for (const CurvePoint& point : curves.score) scores[point.epoch] = &point;
  for (const CurvePoint& point : curves.selection_loss) losses[point.epoch] = &point;
  text::Table table;
  table.name = "epochs";
  table.caption = "The numbers of the curves";
  table.columns = {{.key = "epoch", .title = "Epoch", .number = true, .digits = 0},
                   {.key = "loss", .title = "Training loss", .number = true},
                   {.key = "selection_loss", .title = "Selection loss", .number = true},
                   {.key = "score", .title = text::metric_title(curves.metric), .number = true}};
  const auto value_in = [](const auto& points, std::int64_t epoch) {
    const auto found = points.find(epoch);
    return found == points.end() ? std::nullopt : found->second->value;
  };
  for (const CurvePoint& point : curves.train_loss) {
    table.rows.push_back({point.epoch, text::number_cell(point.value, 4),
                          text::number_cell(value_in(losses, point.epoch), 4),
                          text::number_cell(value_in(scores, point.epoch), 4)});
  }
  return "<details><summary>The numbers, epoch by epoch</summary>\n" + text::to_html(table) + "</details>\n";
}

/// "2026-11-29 05:31:01" of a time stamp.
std::string readable(std::string time) {
  time = time.substr(0, 19);
  std::replace(time.begin(), time.end(), 'T', ' ');
  return time;
}

std::string attempts_html(const std::filesystem::path& folder) {
  const trial::AttemptLog log = trial::read_attempts(folder);
  if (log.attempts.empty()) return "";
  text::Table table;
  table.name = "attempts";
  table.caption = "Each start of the trial, and how it ended";
  table.columns = {{.key = "attempt", .title = "Attempt", .number = true, .digits = 0},
                   {"started", "Started (UTC)"},
                   {"host", "Host"},
                   {"end", "End"},
                   {.key = "seconds", .title = "Time", .number = true},
                   {.key = "message", .title = "Message", .wrap = true}};
  for (const trial::AttemptRecord& attempt : log.attempts) {
    text::Cell seconds = core::or_null(attempt.seconds);
    if (attempt.seconds) seconds.text = core::human_duration(std::chrono::duration<double>(*attempt.seconds));
    table.rows.push_back({attempt.attempt, readable(attempt.started), attempt.host,
                          attempt.status.value_or("not ended"), seconds, attempt.message.value_or("")});
  }
  return "<h2>Attempts</h2>\n" + text::to_html(table);
}

std::string log_html(const run::ListedTrial& trial) {
  const std::string tail = core::read_end(trial.folder / core::kWorkerLogFile, kShownLogBytes);
  std::string html = fmt::format(
      "<h2>Log</h2>\n<p class=\"note\">The end of worker.log, what the worker said. More of it: "
      "<a href=\"/trials/{0}/worker.log\">worker.log</a>, <a "
      "href=\"/trials/{0}/events.jsonl\">events.jsonl</a>, "
      "<a href=\"/trials/{0}/attempts.jsonl\">attempts.jsonl</a>.</p>\n",
      encoded(trial.trial_id));
  if (tail.empty()) return html + "<p>It has said nothing.</p>\n";
  return html +
         fmt::format(
             "<pre class=\"log\" tabindex=\"0\" role=\"region\" aria-label=\"End of worker.log\">{}</pre>\n",
             text::escape_lines(tail));
}

std::string settings_html(const run::ListedTrial& trial) try {
  const core::TrialSpec spec = core::read_trial_spec(trial.folder / core::kTrialFile);
  const std::string json =
      core::to_json(spec).at("variant").dump(2, ' ', false, core::Json::error_handler_t::replace);
  return fmt::format("<details><summary>Settings of the variant</summary><pre>{}</pre></details>\n",
                     text::escape_lines(json));
} catch (const core::UserError&) {
  return "";  // not begun yet
}

}  // namespace

std::string trial_page(const Snapshot& snapshot, std::size_t index, const Curves& curves) {
  const run::ListedTrial& trial = snapshot.trials.at(index);
  const trial::TrialState& state = snapshot.states.at(index);
  std::string html = fmt::format(
      "<p class=\"kicker\">Trial <code>{}</code> · <a href=\"/\">all trials</a></p>\n"
      "<h1>{}, seed {}</h1>\n",
      text::escape(trial.trial_id), text::escape(trial.variant_label), trial.seed);
  // Of an ensemble, or of imported predictions.
  const bool trains_nothing = state.status == core::TrialStatus::kComplete && !state.epoch;
  std::vector<std::string> facts = {status_html(state)};
  if (!trains_nothing)
    facts.push_back(fmt::format("epoch <b>{}</b> of {}", state.epoch.value_or(0), trial.epochs));
  if (state.selection_value) {
    facts.push_back(fmt::format("{} <b>{:.4f}</b> (epoch {})",
                                text::escape(text::metric_title(state.selection_metric)),
                                *state.selection_value, state.selected_epoch.value_or(0)));
  }
  if (!state.host.empty()) facts.push_back("on " + text::escape(state.host));
  if (can_predict(trial))
    facts.push_back(fmt::format("<a href=\"/predict?trial={}\">try an image</a>", encoded(trial.trial_id)));
  html += facts_html(facts);
  if (!state.message.empty())
    html += fmt::format("<p class=\"banner\">{}</p>\n", text::escape(state.message));
  html += trains_nothing
              ? "<p>It was scored without being trained: an ensemble, or imported predictions.</p>\n"
              : charts_html(curves, trial.epochs) + numbers_html(curves);
  html += attempts_html(trial.folder) + log_html(trial) + settings_html(trial);
  return framed({.study = snapshot.study, .place = Place::kElsewhere, .title = trial.variant_label}, html);
}

}  // namespace segbench::serve
