// SPDX-License-Identifier: MIT
#include "results/store/store.h"
#include "results/profiles/log.h"

#include <fmt/format.h>

#include "harness/core/error.h"
#include "harness/core/file_system.h"
#include "harness/core/study_file.h"
#include "harness/trial/folders.h"
#include "results/store/schema.h"
#include "results/store/sqlite.h"
#include "results/store/views.h"

namespace segbench::store {
namespace {

/// WAL needs memory that all processes share, which those of several machines do not have: SQLite forbids it
/// on a network file system. A database that was in WAL is read without that memory when it is locked alone.
void leave_wal(Connection& connection) {
  connection.execute(
      "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; PRAGMA locking_mode = NORMAL; "
      "SELECT count(*) FROM sqlite_master");
}

/// A trial whose folder is gone is pending again when its study plans it.
void forget_trial(const Connection& connection, std::int64_t trial) {
  Statement(connection,
            "DELETE FROM trials WHERE trial = ? AND NOT EXISTS (SELECT 1 FROM planned_trials p "
            "WHERE p.study = trials.study AND p.trial_id = trials.trial_id)")
      .run(trial);
  for (const char* table : {"attempts", "epochs", "evaluations", "log_stamps", "measures",
                            "pretrained_weights", "thresholds", "verifications", "warnings"}) {
    Statement(connection, fmt::format("DELETE FROM {} WHERE trial = ?", table)).run(trial);
  }
  Statement(
      connection,
      "UPDATE trials SET status = 'pending', reason = '', message = '', selection_set = '', test_set = '', "
      "class_names = '[]', class_weights = '[]', "
      "selected_epoch = NULL, selected_metric = NULL, selected_value = NULL, initial_weights_sha256 = NULL, "
      "weights_sha256 = NULL, selected_weights_sha256 = NULL, folder = '' WHERE trial = ?")
      .run(trial);
}

}  // namespace

Store::Store(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Store Store::open(const std::filesystem::path& file, std::chrono::milliseconds patience) {
  std::error_code error;
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), error);
  if (error)
    throw core::UserError(
        fmt::format("{}: cannot be created: {}", file.parent_path().string(), error.message()),
        core::kTrialFailed);
  auto connection = std::make_unique<Connection>(file, Connection::Mode::kReadWrite, patience);
  const bool is_shared = core::is_on_network(file);
  if (is_shared) leave_wal(*connection);
  const int version = check_version(*connection);
  // A projection of the logs need not survive a power cut: syncing at checkpoints keeps it consistent.
  if (!is_shared) connection->execute("PRAGMA journal_mode = WAL");
  connection->execute("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
  if (version < schema_version()) migrate(*connection, migrations(), view_definitions());
  return Store(std::move(connection));
}

Store Store::open_read_only(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) {
    throw core::UserError(
        fmt::format("{}: there are no results yet; `segbench run STUDY.toml` makes some, `segbench "
                    "import` rebuilds the file from the trials' logs",
                    file.string()));
  }
  auto connection = std::make_unique<Connection>(file, Connection::Mode::kReadOnly);
  if (check_version(*connection) < schema_version()) {
    connection.reset();
    open(file);  // migrates
    connection = std::make_unique<Connection>(file, Connection::Mode::kReadOnly);
  }
  return Store(std::move(connection));
}

std::unordered_map<std::string, KnownTrial> Store::known_trials() const {
  Statement rows(*connection_,
                 "SELECT folder, t.trial, status, ifnull(content, ''), ifnull(place, '') FROM trials t "
                 "LEFT JOIN log_stamps l ON l.trial = t.trial WHERE folder <> ''");
  std::unordered_map<std::string, KnownTrial> known;
  while (rows.step())
    known[rows.text(0)] = {rows.integer(1),
                           core::trial_status_from_string(rows.view(2)),
                           {.content = rows.text(3), .place = rows.text(4)}};
  return known;
}

void Store::keep_stamps(const std::vector<std::pair<std::int64_t, trial::LogStamp>>& stamps) {
  Transaction transaction(*connection_);
  Statement insert(*connection_, "INSERT OR REPLACE INTO log_stamps VALUES (?, ?, ?)");
  for (const auto& [number, stamp] : stamps) insert.run(number, stamp.content, stamp.place);
  transaction.commit();
}

std::map<std::string, std::string> Store::definitions() const {
  Statement rows(*connection_, "SELECT study, definition FROM studies");
  std::map<std::string, std::string> definitions;
  while (rows.step()) definitions[rows.text(0)] = rows.text(1);
  return definitions;
}

void Store::prune(const std::filesystem::path& runs) {
  std::vector<std::int64_t> gone;
  Statement trials(*connection_, "SELECT trial, folder FROM trials WHERE folder <> ''");
  while (trials.step()) {
    if (!trial::is_trial_folder(runs / trials.text(1))) gone.push_back(trials.integer(0));
  }
  Transaction transaction(*connection_);
  for (const std::int64_t trial : gone) forget_trial(*connection_, trial);
  for (const StudyRecord& study : studies()) {
    if (std::filesystem::exists(runs / study.name / core::kStudyFile)) continue;
    Statement(*connection_,
              "DELETE FROM studies WHERE study = ? AND NOT EXISTS "
              "(SELECT 1 FROM trials t WHERE t.study = studies.study AND folder <> '')")
        .run(study.name);
  }
  for (const auto& [folder, bytes] : profiles()) {
    if (std::filesystem::exists(runs / folder / segbench::profiles::kProfileLog)) continue;
    Statement(*connection_, "DELETE FROM profiles WHERE folder = ?").run(folder);
  }
  connection_->execute(
      "DELETE FROM variants WHERE variant_id NOT IN (SELECT variant_id FROM trials);"
      "DELETE FROM environments WHERE environment_id NOT IN (SELECT environment_id FROM attempts)");
  transaction.commit();
}

}  // namespace segbench::store
