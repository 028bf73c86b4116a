// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>

#include "harness/core/metric_names.h"
#include "harness/core/text.h"
#include "harness/text/html.h"
#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "harness/text/table.h"
#include "reports/tables/tables.h"

namespace segbench::reports {
namespace {

text::Cell id_cell(const std::string& id, std::size_t shown = 12) {
  text::Cell cell = text::markup_cell(id, fmt::format("<code>{}</code>", text::escape(id.substr(0, shown))));
  if (id.size() > shown) cell.note = id;
  if (id.empty()) cell = text::text_cell(text::kUndefined);
  return cell;
}

std::string when(const std::string& timestamp) {
  return timestamp.size() >= 19 ? timestamp.substr(0, 10) + " " + timestamp.substr(11, 8) : timestamp;
}

text::Cell percent_cell(std::int64_t part, std::int64_t whole) {
  const double share = 100 * static_cast<double>(part) / static_cast<double>(whole);
  text::Cell cell =
      text::number_cell(static_cast<double>(part), fmt::format("{}%", text::fixed(share, share < 1 ? 2 : 1)));
  cell.note = text::grouped(part) + " pixels";
  return cell;
}

}  // namespace

text::Table excluded_table(const ReportModel& model) {
  text::Table table{.name = "excluded",
                    .caption = "Trials that no score above stands on.",
                    .columns = {{"variant", "Variant"},
                                {"seed", "Seed", true},
                                {"trial", "Trial"},
                                {"status", "Status"},
                                {"reason", "Reason"},
                                {"message", "Message", false, text::Where::kEverywhere, "", /*wrap=*/true},
                                {"attempts", "Attempts", true},
                                {"epochs", "Epochs done", true}},
                    .rows = {}};
  for (const Excluded& trial : model.excluded) {
    std::string message = trial.message;
    for (const std::string& line : trial.log_tail) message += (message.empty() ? "" : " · ") + line;
    std::string markup = text::escape(trial.message);
    if (!trial.log_tail.empty()) {
      markup += fmt::format("<details><summary>end of the log</summary><pre>{}</pre></details>",
                            text::escape_lines(fmt::format("{}", fmt::join(trial.log_tail, "\n"))));
    }
    table.rows.push_back({text::text_cell(trial.variant_label), text::text_cell(std::to_string(trial.seed)),
                          id_cell(trial.trial), text::text_cell(trial.status),
                          text::text_cell(trial.reason.empty() ? text::kUndefined : trial.reason),
                          text::markup_cell(message, markup), text::integer_cell(trial.attempts),
                          text::integer_cell(trial.epochs_done)});
  }
  return table;
}

text::Table failed_attempts_table(const ReportModel& model) {
  text::Table table{.name = "failed_attempts",
                    .caption = "Attempts that failed at trials which a later attempt completed.",
                    .columns = {{"variant", "Variant"},
                                {"seed", "Seed", true},
                                {"trial", "Trial"},
                                {"attempt", "Attempt"},
                                {"reason", "Reason"},
                                {"message", "Message", false, text::Where::kEverywhere, "", /*wrap=*/true}},
                    .rows = {}};
  for (const FailedAttempt& attempt : model.failed_attempts) {
    table.rows.push_back({text::text_cell(attempt.variant_label),
                          text::text_cell(std::to_string(attempt.seed)), id_cell(attempt.trial),
                          text::text_cell(fmt::format("{} of {}", attempt.attempt, attempt.attempts)),
                          text::text_cell(attempt.reason.empty() ? attempt.status : attempt.reason),
                          text::text_cell(attempt.message)});
  }
  return table;
}

text::Table trials_table(const ReportModel& model) {
  text::Table table{
      .name = "trials",
      .caption = fmt::format("Every trial. Scores: {}. Times are UTC.", text::metric_title(model.metric)),
      .columns = {{"trial", "Trial"},
                  {"variant", "Variant"},
                  {"seed", "Seed", true},
                  {"status", "Status"},
                  {"score", model.split == "test" ? "Test" : "Score", true},
                  {"selection", "Selection", true},
                  {"selected_epoch", "Epoch tested", true},
                  {"train_seconds", "Training", true},
                  {"peak_memory_bytes", "Peak memory", true},
                  {"started", "Started"},
                  {"ended", "", false, text::Where::kCsv},
                  {"weights_sha256", "Weights, SHA-256"},
                  {"data_fingerprint", "", false, text::Where::kCsv},
                  {"folder", "Folder", false, text::Where::kCsv}},
      .rows = {},
      .row_heads = true,
      .sortable = true};
  for (const TrialLine& line : model.trials) {
    const std::vector<std::string> self = {line.id};
    const std::string why = line.used ? "not recorded" : line.status;
    std::optional<double> bytes;
    if (line.peak_memory_bytes) bytes = static_cast<double>(*line.peak_memory_bytes);
    text::Cell id = text::markup_cell(line.id, fmt::format("<code id=\"trial-{}\">{}</code>",
                                                           text::anchor(line.id), text::escape(line.id)));
    table.rows.push_back(
        {id, text::text_cell(line.variant_label), text::text_cell(std::to_string(line.seed)),
         text::text_cell(line.status == "complete" && !line.used ? "complete, not planned" : line.status),
         text::number_cell(line.score, 4, self, why), text::number_cell(line.selection, 4, self, why),
         text::integer_cell(line.selected_epoch, self, why),
         text::number_cell(line.train_seconds,
                           line.train_seconds
                               ? core::human_duration(std::chrono::duration<double>(*line.train_seconds))
                               : "",
                           self, why),
         text::number_cell(bytes, bytes ? core::human_bytes(static_cast<std::uint64_t>(*bytes)) : "", self,
                           why),
         text::text_cell(when(line.started)), text::text_cell(when(line.ended)), id_cell(line.weights_sha256),
         id_cell(line.data_fingerprint)});
    table.rows.back().push_back(text::text_cell(line.folder));
  }
  return table;
}

text::Table class_pixels_table(const ReportModel& model) {
  const Measurement& m = model.measurement;
  text::Table table{.name = "class_pixels",
                    .caption = "Share of the pixels of each class, by split; of all pixels, void included.",
                    .columns = {{"class", "Class"}},
                    .rows = {}};
  for (const SplitPixels& split : m.class_pixels) {
    const std::string images =
        split.images ? fmt::format(", {}", text::plural(static_cast<std::size_t>(*split.images), "image"))
                     : "";
    table.columns.push_back({split.split, split.split + images, true});
  }
  const std::size_t lines = m.class_names.size() + 1;
  for (std::size_t c = 0; c < lines; ++c) {
    std::vector<text::Cell> row = {text::text_cell(c < m.class_names.size() ? m.class_names[c] : "void")};
    if (c < m.class_colours.size()) {
      row[0].markup = fmt::format("<span class=\"swatch\" style=\"background:{}\"></span>{}",
                                  text::escape(m.class_colours[c]), text::escape(row[0].text));
    }
    for (const SplitPixels& split : m.class_pixels) {
      std::int64_t sum = 0;
      for (const std::int64_t pixels : split.pixels) sum += pixels;
      row.push_back(c < split.pixels.size() && sum > 0
                        ? percent_cell(split.pixels[c], sum)
                        : text::number_cell(std::nullopt, "", {}, "not counted"));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

text::Table metric_definitions_table() {
  text::Table table{
      .name = "metric_definitions",
      .caption =
          "What the metrics mean. All follow from integer pixel counts, pooled over the images of a "
          "split, void pixels excluded.",
      .columns = {{"metric", "Metric"},
                  {"key", "Key"},
                  {"meaning", "Meaning", false, text::Where::kEverywhere, "", /*wrap=*/true}},
      .rows = {}};
  for (const core::MetricName& metric : core::kMetricNames) {
    table.rows.push_back(
        {text::text_cell(std::string(metric.title)),
         text::markup_cell(std::string(metric.key), fmt::format("<code>{}</code>", text::escape(metric.key))),
         text::text_cell(std::string(metric.meaning))});
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
        text::text_cell(fact.value)};
    row[1].trials = fact.trials;
    if (differing) {
      const bool all = fact.trials.empty() || fact.trials.size() == model.trials.size();
      row.push_back(
          text::text_cell(all ? "all" : fmt::format("{} of {}", fact.trials.size(), model.trials.size())));
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
          {text::text_cell(entry != nullptr ? entry->label : curve.variant), text::integer_cell(point.epoch),
           text::integer_cell(static_cast<std::int64_t>(point.n)),
           text::number_cell(point.mean, 4, curve.trials), text::number_cell(point.low, 4, curve.trials),
           text::number_cell(point.high, 4, curve.trials)});
    }
  }
  return table;
}

std::vector<text::Table> all_tables(const ReportModel& model) {
  const Measurement& m = model.measurement;
  std::vector<text::Table> tables = {
      leaderboard_table(model),
      metrics_table(model),
      per_class_table(model),
      differences_table(model),
      claims_table(model),
      published_table(model),
      excluded_table(model),
      failed_attempts_table(model),
      trials_table(model),
      class_pixels_table(model),
      curves_table(model, "loss_curves", "Training loss by epoch, over trials.", model.loss_curves),
      curves_table(model, "score_curves",
                   text::metric_title(model.metric) + " on the selection split by epoch, over trials.",
                   model.score_curves),
      facts_table("settings", "Settings that all variants share.", m.settings, model),
      facts_table("environment", "Where the trials ran.", m.environment, model)};
  std::erase_if(tables,
                [](const text::Table& table) { return table.rows.empty() || table.columns.size() < 2; });
  return tables;
}

}  // namespace segbench::reports
