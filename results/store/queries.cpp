// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <tuple>
#include <unordered_map>

#include "harness/core/error.h"
#include "results/store/sqlite.h"
#include "results/store/store.h"

namespace segbench::store {
namespace {

using core::Json;

[[noreturn]] void fail_damaged(const Connection& connection, std::string_view text) {
  throw core::UserError(
      fmt::format("{}: the file is damaged: it holds \"{}\"; rebuild it from the trials' logs with "
                  "`segbench import --rebuild`",
                  connection.file().string(), text.substr(0, 40)),
      core::kTrialFailed);
}

Json parse_object(const Connection& connection, std::string_view text) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) fail_damaged(connection, text);
  return json;
}

/// Parses JSON columns; trials share most of their texts, so each is parsed once.
class JsonColumns {
 public:
  explicit JsonColumns(const Connection& connection) : connection_(connection) {}

  const Json& object(std::string_view text) { return parse(text, Json::value_t::object); }
  std::vector<std::string> strings(std::string_view text) {
    std::vector<std::string> strings;
    for (const Json& item : parse(text, Json::value_t::array)) {
      if (!item.is_string()) fail_damaged(connection_, text);
      strings.push_back(item.get<std::string>());
    }
    return strings;
  }

 private:
  const Json& parse(std::string_view text, Json::value_t type) {
    auto [found, inserted] = parsed_.try_emplace(std::string(text));
    if (inserted) found->second = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (found->second.type() != type) fail_damaged(connection_, text);
    return found->second;
  }

  const Connection& connection_;
  std::map<std::string, Json> parsed_;
};

/// JSON objects that many rows name by an id, each read once.
class JsonById {
 public:
  JsonById(const Connection& connection, const char* select)
      : connection_(connection), select_(connection, select) {}

  const core::SharedJson& of(std::string_view id) {
    const auto [found, is_new] = known_.try_emplace(std::string(id));
    if (is_new) {
      select_.bind(id);
      if (select_.step()) found->second = parse_object(connection_, select_.view(0));
    }
    return found->second;
  }

 private:
  const Connection& connection_;
  Statement select_;
  std::unordered_map<std::string, core::SharedJson> known_;
};

constexpr const char* kTrialColumns =
    "SELECT o.study, trial_id, variant_id, variant_label, axes, background, seed, data_fingerprint, "
    "selection_set, test_set, status, reason, message, "
    "attempts, epochs_done, class_names, selected_epoch, weights_sha256, selected_weights_sha256, "
    "environment_id, ifnull(started, ''), ifnull(ended, ''), folder, (SELECT json_object('file', p.file, "
    "'sha256', p.sha256, "
    "'name_check', p.name_check, 'format', p.format, 'convention', p.convention, 'tensors', p.tensors, "
    "'folded', p.folded, 'excluded', json(p.excluded), 'left_out', json(p.left_out), 'kept', json(p.kept)) "
    "FROM pretrained_weights p WHERE p.trial = o.trial), (SELECT json_object('grade', f.grade, "
    "'largest_iou_difference', f.largest_iou_difference, 'host', f.host, 'device', f.device, 'threads', "
    "f.threads) FROM verifications f WHERE f.trial = o.trial), trial FROM trial_overview o ";

core::Background background_in(const Statement& row, int column) {
  const auto index = row.optional_integer(column);
  return index ? core::Background(static_cast<int>(*index)) : std::nullopt;
}

/// Reads rows of a SELECT that begins with kTrialColumns.
class TrialRows {
 public:
  explicit TrialRows(const Connection& connection)
      : json_(connection),
        variants_(connection, "SELECT config FROM variants WHERE variant_id = ?"),
        environments_(connection, "SELECT content FROM environments WHERE environment_id = ?"),
        measures_(connection,
                  "SELECT measure, value FROM measures WHERE trial = ? AND ifnull(split, '') = '' AND image "
                  "IS NULL AND class IS NULL AND value IS NOT NULL") {}

  TrialRecord read(const Statement& row) {
    TrialRecord trial;
    trial.study = row.text(0);
    trial.trial_id = row.text(1);
    trial.variant_id = row.text(2);
    trial.variant_label = row.text(3);
    trial.axes = json_.object(row.view(4));
    trial.variant = variants_.of(row.view(2));
    trial.seed = static_cast<std::uint64_t>(row.integer(6));
    trial.data_fingerprint = row.text(7);
    trial.selection_set = row.text(8);
    trial.test_set = row.text(9);
    trial.status = core::trial_status_from_string(row.view(10));
    trial.reason = core::failure_reason_from_string(row.view(11));
    trial.message = row.text(12);
    trial.attempts = row.integer(13);
    trial.epochs_done = row.integer(14);
    trial.class_names = json_.strings(row.view(15));
    trial.selected_epoch = row.optional_integer(16);
    trial.weights_sha256 = row.optional_text(17);
    trial.selected_weights_sha256 = row.optional_text(18);
    if (!row.is_null(19)) trial.environment = environments_.of(row.view(19));
    trial.started = row.text(20);
    trial.ended = row.text(21);
    trial.folder = row.text(22);
    if (!row.is_null(23)) trial.pretrained = json_.object(row.view(23));
    if (!row.is_null(24)) trial.verification = json_.object(row.view(24));
    trial.background = background_in(row, 5);
    read_measures(trial, row.integer(25));
    return trial;
  }

 private:
  void read_measures(TrialRecord& trial, std::int64_t number) {
    measures_.bind(number);
    while (measures_.step()) trial.measures[measures_.text(0)] = measures_.real(1);
    const auto whole = [&](const char* key) -> std::optional<std::int64_t> {
      const auto found = trial.measures.find(key);
      if (found == trial.measures.end()) return std::nullopt;
      return static_cast<std::int64_t>(found->second);
    };
    trial.parameters = whole("parameters");
    trial.trainable_parameters = whole("trainable_parameters");
    trial.macs = whole("macs");
    trial.peak_memory_bytes = whole("peak_memory_bytes");
    if (const auto found = trial.measures.find("train_seconds"); found != trial.measures.end())
      trial.train_seconds = found->second;
  }

  JsonColumns json_;
  JsonById variants_, environments_;
  Statement measures_;
};

/// Of the trials with this id the complete one: studies may share a trial.
std::int64_t trial_number(const Connection& connection, std::string_view trial_id) {
  Statement select(
      connection,
      "SELECT trial FROM trials WHERE trial_id = ? ORDER BY status = 'complete' DESC, trial LIMIT 1");
  select.bind(trial_id);
  if (!select.step())
    throw core::UserError(fmt::format("{}: there is no trial {}", connection.file().string(), trial_id));
  return select.integer(0);
}

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

std::vector<std::string> Store::study_names() const {
  Statement rows(*connection_, "SELECT study FROM studies ORDER BY study");
  std::vector<std::string> names;
  while (rows.step()) names.push_back(rows.text(0));
  return names;
}

std::optional<StudyRecord> Store::study(std::string_view name) const {
  Statement row(
      *connection_,
      "SELECT s.study, question, definition, total(t.planned), total(t.planned AND t.status = 'complete'), "
      "total(t.planned AND t.status = 'failed'), total(NOT t.planned) "
      "FROM studies s LEFT JOIN trials t ON t.study = s.study WHERE s.study = ? GROUP BY s.study");
  row.bind(name);
  if (!row.step()) return std::nullopt;
  StudyRecord study{.name = row.text(0),
                    .question = row.text(1),
                    .study = parse_object(*connection_, row.view(2)),
                    .trials = row.integer(3),
                    .complete = row.integer(4),
                    .failed = row.integer(5),
                    .left_out = row.integer(6),
                    .seals = {}};
  Statement seals(*connection_, "SELECT sha256, time FROM seals WHERE study = ? ORDER BY time");
  seals.bind(name);
  while (seals.step()) study.seals.push_back({seals.text(0), seals.text(1)});
  return study;
}

std::vector<StudyRecord> Store::studies() const {
  std::vector<StudyRecord> studies;
  for (const std::string& name : study_names()) studies.push_back(*study(name));
  return studies;
}

std::vector<TrialRecord> Store::trials(std::string_view study) const {
  Statement rows(*connection_, std::string(kTrialColumns) +
                                   "WHERE study = ? AND planned ORDER BY variant_label, seed, trial");
  rows.bind(study);
  TrialRows read(*connection_);
  std::vector<TrialRecord> trials;
  while (rows.step()) trials.push_back(read.read(rows));
  return trials;
}

TrialRecord Store::trial(std::string_view prefix) const {
  Statement ids(*connection_,
                "SELECT DISTINCT trial_id FROM trials WHERE substr(trial_id, 1, length(?)) = ? ORDER BY 1");
  ids.bind(prefix, prefix);
  std::vector<std::string> found;
  while (ids.step()) found.push_back(ids.text(0));
  if (prefix.empty() || found.empty()) throw core::UserError(fmt::format("there is no trial \"{}\"", prefix));
  if (found.size() > 1) {
    throw core::UserError(fmt::format("\"{}\" is the beginning of {} trials: {}, {}{}", prefix, found.size(),
                                      found[0], found[1], found.size() > 2 ? ", …" : ""));
  }
  Statement row(*connection_, std::string(kTrialColumns) + "WHERE trial = ?");
  row.bind(trial_number(*connection_, found[0]));
  SEGBENCH_CHECK(row.step(), "no row for trial {}", found[0]);
  return TrialRows(*connection_).read(row);
}

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
