// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>

#include "harness/core/text.h"
#include "harness/text/html.h"
#include "harness/text/metrics.h"
#include "harness/text/numbers.h"
#include "harness/text/utf8.h"
#include "reports/model/shown.h"
#include "reports/tables/cells.h"
#include "reports/tables/queries.h"
#include "reports/tables/tables.h"

namespace segbench::reports {
namespace {

std::string when(const std::string& timestamp) {
  return timestamp.size() >= 19 ? timestamp.substr(0, 10) + " " + timestamp.substr(11, 8) : timestamp;
}

/// Where a page shows a part of many variants: whether it is a trial of theirs.
bool is_listed(const TrialLine& line, const ReportModel& model) {
  return model.more_variants == 0 || model.trials.size() <= kMostTrialsShown ||
         find_entry(model, line.variant) != nullptr;
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
    table.rows.push_back({text::Cell(trial.variant_label), text::Cell(std::to_string(trial.seed)),
                          id_cell(trial.trial), text::Cell(trial.status),
                          text::Cell(trial.reason.empty() ? text::kUndefined : trial.reason),
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
    table.rows.push_back(
        {text::Cell(attempt.variant_label), text::Cell(std::to_string(attempt.seed)), id_cell(attempt.trial),
         text::Cell(fmt::format("{} of {}", attempt.attempt, attempt.attempts)),
         text::Cell(attempt.reason.empty() ? attempt.status : attempt.reason), text::Cell(attempt.message)});
  }
  return table;
}

text::Table trials_table(const ReportModel& model) {
  const auto listed = std::count_if(model.trials.begin(), model.trials.end(),
                                    [&](const TrialLine& line) { return is_listed(line, model); });
  const auto more = model.trials.size() - static_cast<std::size_t>(listed);
  text::Table table{
      .name = "trials",
      .caption = fmt::format("{} Scores: {}. Times are UTC.",
                             more == 0 ? std::string("Every trial.")
                                       : fmt::format("The trials of the variants that are shown; {} more are "
                                                     "in tables/trials.csv.",
                                                     more),
                             text::metric_title(model.metric)),
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
                  {"ended", "", false, text::Where::kData},
                  {"weights_sha256", "Weights, SHA-256"},
                  {"data_fingerprint", "", false, text::Where::kData},
                  {"folder", "Folder", false, text::Where::kData}},
      .rows = {},
      .row_heads = true,
      .sortable = true};
  set_query(table, "score", score_query(model.metric, model.split), "value");
  set_query(table, "selection", score_query(model.metric, "selection"), "value");
  for (const char* column : {"selected_epoch", "train_seconds", "peak_memory_bytes"})
    set_query(table, column, trial_query(column), "value");
  for (const TrialLine& line : model.trials) {
    if (!is_listed(line, model)) continue;
    const std::vector<std::string> self = {line.id};
    const std::string why = line.used ? "not recorded" : line.status;
    std::optional<double> bytes;
    if (line.peak_memory_bytes) bytes = static_cast<double>(*line.peak_memory_bytes);
    text::Cell id = text::markup_cell(line.id, fmt::format("<code id=\"trial-{}\">{}</code>",
                                                           text::anchor(line.id), text::escape(line.id)));
    table.rows.push_back(
        {id, text::Cell(line.variant_label), text::Cell(std::to_string(line.seed)),
         text::Cell(line.status == "complete" && !line.used ? "complete, not planned" : line.status),
         text::number_cell(line.score, 4, self, why), text::number_cell(line.selection, 4, self, why),
         text::integer_cell(line.selected_epoch, self, why),
         text::number_cell(line.train_seconds,
                           line.train_seconds
                               ? core::human_duration(std::chrono::duration<double>(*line.train_seconds))
                               : "",
                           self, why),
         text::number_cell(bytes, bytes ? core::human_bytes(static_cast<std::uint64_t>(*bytes)) : "", self,
                           why),
         text::Cell(when(line.started)), text::Cell(when(line.ended)), id_cell(line.weights_sha256),
         id_cell(line.data_fingerprint)});
    table.rows.back().push_back(text::Cell(line.folder));
  }
  return table;
}

namespace {

const TableRegistration kExcluded({.order = 70, .title = "", .make = excluded_table});
const TableRegistration kFailedAttempts({.order = 80, .title = "", .make = failed_attempts_table});
const TableRegistration kTrials({.order = 90, .title = "", .make = trials_table});

}  // namespace

}  // namespace segbench::reports
