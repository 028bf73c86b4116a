// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <map>
#include <unordered_map>

#include "harness/core/error.h"
#include "results/store/query_rows.h"
#include "results/store/sqlite.h"
#include "results/store/store.h"

// Studies and their trials.

namespace segbench::store {
namespace {

using core::Json;

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

}  // namespace segbench::store
