// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <tuple>

#include "results/store/query_rows.h"
#include "results/store/sqlite.h"
#include "results/store/store.h"

// What the logs of trials hold: epochs, attempts, evaluations, measures.

namespace segbench::store {
namespace {

core::Confusion read_confusion(const Connection& connection, std::string_view text, std::size_t num_classes) {
  core::Confusion confusion(static_cast<int>(num_classes));
  const char *place = text.data(), *end = text.data() + text.size();
  for (std::int64_t& cell : confusion.cells()) {
    if (place == end) fail_damaged(connection, text);
    const auto [next, error] = std::from_chars(place + 1, end, cell);  // behind '[' or ','
    if (error != std::errc()) fail_damaged(connection, text);
    place = next;
  }
  return confusion;
}

/// `confusion`: e.confusion, or NULL where none is wanted.
std::string select_evaluations(const char* confusion) {
  return fmt::format(
      "SELECT e.evaluation, t.trial_id, e.epoch, e.split, e.weights, e.loss, e.valid_pixels, e.images, "
      "e.evaluate_seconds, {}, t.background, t.trial FROM trials t JOIN evaluations e ON e.trial = t.trial ",
      confusion);
}

/// Every row of select_evaluations() with its counts.
std::vector<EvaluationRecord> read_evaluations(const Connection& connection, Statement& rows) {
  Statement counts(connection, "SELECT tp, fp, fn FROM class_counts WHERE evaluation = ? ORDER BY class");
  Statement measures(
      connection,
      "SELECT measure, value FROM measures WHERE trial = ? AND split = ? AND image IS NULL AND "
      "class IS NULL");
  std::vector<EvaluationRecord> evaluations;
  while (rows.step()) {
    EvaluationRecord evaluation;
    evaluation.trial_id = rows.text(1);
    evaluation.epoch = rows.integer(2);
    evaluation.split = rows.text(3);
    evaluation.weights = rows.text(4);
    evaluation.loss = rows.optional_real(5);
    evaluation.valid_pixels = rows.integer(6);
    evaluation.images = rows.integer(7);
    evaluation.evaluate_seconds = rows.optional_real(8);
    evaluation.background = background_in(rows, 10);
    counts.bind(rows.integer(0));
    while (counts.step())
      evaluation.counts.push_back({counts.integer(0), counts.integer(1), counts.integer(2)});
    if (!rows.is_null(9))
      evaluation.confusion = read_confusion(connection, rows.view(9), evaluation.counts.size());
    if (evaluation.weights == "selected") {
      measures.bind(rows.integer(11), evaluation.split);
      while (measures.step()) evaluation.measures[measures.text(0)] = measures.optional_real(1);
    }
    evaluations.push_back(std::move(evaluation));
  }
  return evaluations;
}

constexpr const char* kEpochColumns =
    "SELECT t.trial_id, epoch, loss, learning_rate, steps, samples, train_seconds, data_wait_seconds "
    "FROM trials t JOIN epochs p ON p.trial = t.trial ";

EpochRecord read_epoch(const Statement& row) {
  return {row.integer(1), row.optional_real(2), row.real(3),         row.integer(4),
          row.integer(5), row.optional_real(6), row.optional_real(7)};
}

constexpr const char* kAttemptColumns =
    "SELECT t.trial_id, attempt, host, started, pid, resumed_epoch, resumed_step, (SELECT content FROM "
    "environments e WHERE e.environment_id = a.environment_id), ended, a.status, a.reason, a.message, "
    "exit_code, "
    "peak_memory_bytes, seconds, trials_at_once, shared_with FROM trials t JOIN attempts a ON a.trial = "
    "t.trial ";

AttemptRecord read_attempt(const Statement& row) {
  return {.attempt = row.integer(1),
          .host = row.text(2),
          .started = row.text(3),
          .pid = row.optional_integer(4),
          .resumed_epoch = row.optional_integer(5),
          .resumed_step = row.optional_integer(6),
          .environment = row.text(7),
          .ended = row.optional_text(8),
          .status = row.optional_text(9),
          .reason = row.optional_text(10),
          .message = row.optional_text(11),
          .exit_code = row.optional_integer(12),
          .peak_memory_bytes = row.optional_integer(13),
          .device_peak_memory_bytes = {},  // kept as a measure of the trial
          .seconds = row.optional_real(14),
          .trials_at_once = row.integer(15),
          .shared_with = row.text(16)};
}

}  // namespace

std::vector<EpochRecord> Store::epochs(std::string_view trial_id) const {
  Statement rows(*connection_, std::string(kEpochColumns) + "WHERE t.trial = ? ORDER BY epoch");
  rows.bind(trial_number(*connection_, trial_id));
  std::vector<EpochRecord> epochs;
  while (rows.step()) epochs.push_back(read_epoch(rows));
  return epochs;
}

std::vector<AttemptRecord> Store::attempts(std::string_view trial_id) const {
  Statement rows(*connection_, std::string(kAttemptColumns) + "WHERE t.trial = ? ORDER BY attempt");
  rows.bind(trial_number(*connection_, trial_id));
  std::vector<AttemptRecord> attempts;
  while (rows.step()) attempts.push_back(read_attempt(rows));
  return attempts;
}

Store::StudyLogs Store::logs(std::string_view study) const {
  StudyLogs logs;
  const std::string of_study = "WHERE t.study = ? AND t.planned ORDER BY t.trial, ";
  Statement epochs(*connection_, kEpochColumns + of_study + "epoch");
  epochs.bind(study);
  while (epochs.step()) logs.epochs[epochs.text(0)].push_back(read_epoch(epochs));
  Statement attempts(*connection_, kAttemptColumns + of_study + "attempt");
  attempts.bind(study);
  while (attempts.step()) logs.attempts[attempts.text(0)].push_back(read_attempt(attempts));
  Statement evaluations(*connection_,
                        select_evaluations("e.confusion") + of_study + "e.epoch, e.split, e.weights");
  evaluations.bind(study);
  for (EvaluationRecord& evaluation : read_evaluations(*connection_, evaluations))
    logs.evaluations[evaluation.trial_id].push_back(std::move(evaluation));
  Statement thresholds(
      *connection_,
      "SELECT t.trial_id, h.epoch, h.metric, h.threshold, h.score, h.chosen FROM thresholds h "
      "JOIN trials t ON t.trial = h.trial " +
          of_study + "h.threshold");
  thresholds.bind(study);
  while (thresholds.step()) {
    logs.thresholds[thresholds.text(0)].push_back({thresholds.integer(1), thresholds.text(2),
                                                   thresholds.real(3), thresholds.optional_real(4),
                                                   thresholds.integer(5) != 0});
  }
  return logs;
}

std::map<std::string, std::vector<EvaluationRecord>> Store::scored_evaluations(std::string_view study,
                                                                               std::string_view split,
                                                                               bool every_epoch) const {
  std::map<std::string, std::vector<EvaluationRecord>> by_trial;
  const std::string of_split = split.empty() ? "e.split IN ('selection', 'test')" : "e.split = ?";
  const auto add = [&](const std::string& of_evaluations) {
    Statement rows(*connection_, select_evaluations("NULL") + "WHERE t.study = ? AND t.planned AND " +
                                     of_split + " AND " + of_evaluations);
    split.empty() ? rows.bind(study) : rows.bind(study, split);
    for (EvaluationRecord& evaluation : read_evaluations(*connection_, rows))
      by_trial[evaluation.trial_id].push_back(std::move(evaluation));
  };
  add("e.weights = 'selected'");
  if (every_epoch) {
    add("e.weights = 'current'");
  } else {
    add("e.weights = 'current' AND e.epoch = t.selected_epoch AND NOT EXISTS (SELECT 1 FROM evaluations f "
        "WHERE f.trial = t.trial AND f.split = e.split AND f.weights = 'selected')");
  }
  for (auto& [trial, evaluations] : by_trial) {
    std::sort(evaluations.begin(), evaluations.end(), [](const auto& a, const auto& b) {
      return std::tie(a.epoch, a.split, a.weights) < std::tie(b.epoch, b.split, b.weights);
    });
  }
  return by_trial;
}

std::vector<EvaluationRecord> Store::evaluations(std::string_view trial_id) const {
  Statement rows(*connection_, select_evaluations("e.confusion") +
                                   "WHERE t.trial = ? ORDER BY e.epoch, e.split, e.weights");
  rows.bind(trial_number(*connection_, trial_id));
  return read_evaluations(*connection_, rows);
}

std::vector<EvaluationRecord> Store::final_evaluations(std::string_view study, std::string_view split) const {
  Statement rows(
      *connection_,
      select_evaluations("e.confusion") +
          "WHERE t.study = ? AND t.planned AND t.status = 'complete' AND e.split = ? AND e.weights = "
          "'selected' ORDER BY t.variant_label, t.seed, t.trial");
  rows.bind(study, split);
  return read_evaluations(*connection_, rows);
}

std::vector<MeasureRecord> Store::measures(std::string_view trial_id) const {
  Statement rows(*connection_,
                 "SELECT measure, epoch, split, image, class, value FROM measures WHERE trial = ? "
                 "ORDER BY split, measure, image, class");
  rows.bind(trial_number(*connection_, trial_id));
  std::vector<MeasureRecord> measures;
  while (rows.step()) {
    measures.push_back({rows.text(0), rows.integer(1), rows.text(2), rows.optional_integer(3),
                        rows.optional_integer(4), rows.optional_real(5)});
  }
  return measures;
}

std::vector<ImageRecord> Store::images(std::string_view trial_id, std::string_view split) const {
  Statement rows(
      *connection_,
      "SELECT i.image, i.image_id, i.valid_pixels, c.class, c.tp, c.fp, c.fn, "
      "(SELECT count(*) FROM class_counts k WHERE k.evaluation = e.evaluation), t.background "
      "FROM trials t JOIN evaluations e ON e.trial = t.trial JOIN images i ON i.evaluation = e.evaluation "
      "LEFT JOIN image_counts c ON c.evaluation = i.evaluation AND c.image = i.image "
      "WHERE e.trial = ? AND e.split = ? AND e.weights = 'selected' ORDER BY i.image, c.class");
  rows.bind(trial_number(*connection_, trial_id), split);
  std::vector<ImageRecord> images;
  while (rows.step()) {
    if (images.empty() || images.back().index != rows.integer(0)) {
      images.push_back({rows.integer(0), rows.text(1), rows.integer(2), {}, background_in(rows, 8)});
      images.back().counts.resize(static_cast<std::size_t>(rows.integer(7)));
    }
    if (rows.is_null(3)) continue;
    images.back().counts.at(static_cast<std::size_t>(rows.integer(3))) = {rows.integer(4), rows.integer(5),
                                                                          rows.integer(6)};
  }
  return images;
}

}  // namespace segbench::store
