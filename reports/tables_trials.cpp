// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>

#include "harness/core/metric_names.h"
#include "harness/core/text.h"
#include "reports/format.h"
#include "reports/html_text.h"
#include "reports/tables.h"

namespace segbench::reports {
namespace {

Cell id_cell(const std::string& id, std::size_t shown = 12) {
  Cell cell = markup_cell(id, fmt::format("<code>{}</code>", escape(id.substr(0, shown))));
  if (id.size() > shown) cell.note = id;
  if (id.empty()) cell = text_cell(kUndefined);
  return cell;
}

std::string when(const std::string& timestamp) {
  return timestamp.size() >= 19 ? timestamp.substr(0, 10) + " " + timestamp.substr(11, 8) : timestamp;
}

Cell percent_cell(std::int64_t part, std::int64_t whole) {
  const double share = 100 * static_cast<double>(part) / static_cast<double>(whole);
  Cell cell = number_cell(static_cast<double>(part), fmt::format("{}%", fixed(share, share < 1 ? 2 : 1)));
  cell.note = grouped(part) + " pixels";
  return cell;
}

}  // namespace

Table excluded_table(const ReportModel& model) {
  Table table{.name = "excluded",
              .caption = "Trials that no score above stands on.",
              .columns = {{"variant", "Variant"},
                          {"seed", "Seed", true},
                          {"trial", "Trial"},
                          {"status", "Status"},
                          {"reason", "Reason"},
                          {"message", "Message", false, Where::kEverywhere, "", /*wrap=*/true},
                          {"attempts", "Attempts", true},
                          {"epochs", "Epochs done", true}},
              .rows = {}};
  for (const Excluded& trial : model.excluded) {
    std::string message = trial.message;
    for (const std::string& line : trial.log_tail) message += (message.empty() ? "" : " · ") + line;
    std::string markup = escape(trial.message);
    if (!trial.log_tail.empty()) {
      markup += fmt::format("<details><summary>end of the log</summary><pre>{}</pre></details>",
                            escape_lines(fmt::format("{}", fmt::join(trial.log_tail, "\n"))));
    }
    table.rows.push_back(
        {text_cell(trial.variant_label), text_cell(std::to_string(trial.seed)), id_cell(trial.trial),
         text_cell(trial.status), text_cell(trial.reason.empty() ? kUndefined : trial.reason),
         markup_cell(message, markup), integer_cell(trial.attempts), integer_cell(trial.epochs_done)});
  }
  return table;
}

Table failed_attempts_table(const ReportModel& model) {
  Table table{.name = "failed_attempts",
              .caption = "Attempts that failed at trials which a later attempt completed.",
              .columns = {{"variant", "Variant"},
                          {"seed", "Seed", true},
                          {"trial", "Trial"},
                          {"attempt", "Attempt"},
                          {"reason", "Reason"},
                          {"message", "Message", false, Where::kEverywhere, "", /*wrap=*/true}},
              .rows = {}};
  for (const FailedAttempt& attempt : model.failed_attempts) {
    table.rows.push_back(
        {text_cell(attempt.variant_label), text_cell(std::to_string(attempt.seed)), id_cell(attempt.trial),
         text_cell(fmt::format("{} of {}", attempt.attempt, attempt.attempts)),
         text_cell(attempt.reason.empty() ? attempt.status : attempt.reason), text_cell(attempt.message)});
  }
  return table;
}

Table trials_table(const ReportModel& model) {
  Table table{.name = "trials",
              .caption = fmt::format("Every trial. Scores: {}. Times are UTC.", metric_title(model.metric)),
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
                          {"ended", "", false, Where::kCsv},
                          {"weights_sha256", "Weights, SHA-256"},
                          {"data_fingerprint", "", false, Where::kCsv},
                          {"folder", "Folder", false, Where::kCsv}},
              .rows = {},
              .row_heads = true,
              .sortable = true};
  for (const TrialLine& line : model.trials) {
    const std::vector<std::string> self = {line.id};
    const std::string why = line.used ? "not recorded" : line.status;
    std::optional<double> bytes;
    if (line.peak_memory_bytes) bytes = static_cast<double>(*line.peak_memory_bytes);
    Cell id = markup_cell(line.id,
                          fmt::format("<code id=\"trial-{}\">{}</code>", anchor(line.id), escape(line.id)));
    table.rows.push_back(
        {id, text_cell(line.variant_label), text_cell(std::to_string(line.seed)),
         text_cell(line.status == "complete" && !line.used ? "complete, not planned" : line.status),
         number_cell(line.score, 4, self, why), number_cell(line.selection, 4, self, why),
         integer_cell(line.selected_epoch, self, why),
         number_cell(line.train_seconds,
                     line.train_seconds
                         ? core::human_duration(std::chrono::duration<double>(*line.train_seconds))
                         : "",
                     self, why),
         number_cell(bytes, bytes ? core::human_bytes(static_cast<std::uint64_t>(*bytes)) : "", self, why),
         text_cell(when(line.started)), text_cell(when(line.ended)), id_cell(line.weights_sha256),
         id_cell(line.data_fingerprint)});
    table.rows.back().push_back(text_cell(line.folder));
  }
  return table;
}

Table class_pixels_table(const ReportModel& model) {
  const Measurement& m = model.measurement;
  Table table{.name = "class_pixels",
              .caption = "Share of the pixels of each class, by split; of all pixels, void included.",
              .columns = {{"class", "Class"}},
              .rows = {}};
  for (const SplitPixels& split : m.class_pixels) {
    const std::string images =
        split.images ? fmt::format(", {}", plural(static_cast<std::size_t>(*split.images), "image")) : "";
    table.columns.push_back({split.split, split.split + images, true});
  }
  const std::size_t lines = m.class_names.size() + 1;
  for (std::size_t c = 0; c < lines; ++c) {
    std::vector<Cell> row = {text_cell(c < m.class_names.size() ? m.class_names[c] : "void")};
    if (c < m.class_colours.size()) {
      row[0].markup = fmt::format("<span class=\"swatch\" style=\"background:{}\"></span>{}",
                                  escape(m.class_colours[c]), escape(row[0].text));
    }
    for (const SplitPixels& split : m.class_pixels) {
      std::int64_t sum = 0;
      for (const std::int64_t pixels : split.pixels) sum += pixels;
      row.push_back(c < split.pixels.size() && sum > 0 ? percent_cell(split.pixels[c], sum)
                                                       : number_cell(std::nullopt, "", {}, "not counted"));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table metric_definitions_table() {
  Table table{.name = "metric_definitions",
              .caption =
                  "What the metrics mean. All follow from integer pixel counts, pooled over the images of a "
                  "split, void pixels excluded.",
              .columns = {{"metric", "Metric"},
                          {"key", "Key"},
                          {"meaning", "Meaning", false, Where::kEverywhere, "", /*wrap=*/true}},
              .rows = {}};
  for (const core::MetricName& metric : core::kMetricNames) {
    table.rows.push_back(
        {text_cell(std::string(metric.title)),
         markup_cell(std::string(metric.key), fmt::format("<code>{}</code>", escape(metric.key))),
         text_cell(std::string(metric.meaning))});
  }
  return table;
}

Table facts_table(const std::string& name, const std::string& caption, const std::vector<Fact>& facts,
                  const ReportModel& model) {
  Table table{
      .name = name,
      .caption = caption,
      .columns = {{"setting", "Setting"}, {"value", "Value", false, Where::kEverywhere, "", /*wrap=*/true}},
      .rows = {}};
  const bool differing =
      std::any_of(facts.begin(), facts.end(), [](const Fact& f) { return !f.trials.empty(); });
  if (differing) table.columns.push_back({"trials", "Trials"});
  for (const Fact& fact : facts) {
    std::vector<Cell> row = {markup_cell(fact.name, fmt::format("<code>{}</code>", escape(fact.name))),
                             text_cell(fact.value)};
    row[1].trials = fact.trials;
    if (differing) {
      const bool all = fact.trials.empty() || fact.trials.size() == model.trials.size();
      row.push_back(
          text_cell(all ? "all" : fmt::format("{} of {}", fact.trials.size(), model.trials.size())));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table curves_table(const ReportModel& model, const std::string& name, const std::string& caption,
                   const std::vector<Curve>& curves) {
  Table table{.name = name,
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
      table.rows.push_back({text_cell(entry != nullptr ? entry->label : curve.variant),
                            integer_cell(point.epoch), integer_cell(static_cast<std::int64_t>(point.n)),
                            number_cell(point.mean, 4, curve.trials), number_cell(point.low, 4, curve.trials),
                            number_cell(point.high, 4, curve.trials)});
    }
  }
  return table;
}

std::vector<Table> all_tables(const ReportModel& model) {
  const Measurement& m = model.measurement;
  std::vector<Table> tables = {
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
                   metric_title(model.metric) + " on the selection split by epoch, over trials.",
                   model.score_curves),
      facts_table("settings", "Settings that all variants share.", m.settings, model),
      facts_table("environment", "Where the trials ran.", m.environment, model)};
  std::erase_if(tables, [](const Table& table) { return table.rows.empty() || table.columns.size() < 2; });
  return tables;
}

}  // namespace segbench::reports
