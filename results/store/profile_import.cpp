// SPDX-License-Identifier: MIT
#include <algorithm>
#include <map>

#include "harness/core/error.h"
#include "results/profiles/conclude.h"
#include "results/store/sqlite.h"
#include "results/store/store.h"

namespace segbench::store {
namespace {

using core::Json;
using profiles::ProfileLog;
using profiles::RowResult;

std::string text_at(const Json& json, const char* key) {
  return json.at(key).get<std::string>();
}

std::optional<std::int64_t> whole(const std::optional<double>& value) {
  return value ? std::optional(static_cast<std::int64_t>(*value)) : std::nullopt;
}

std::int64_t insert_row(Connection& connection, std::int64_t profile, const RowResult& row) {
  const Json& facts = row.facts;
  const std::string trial = facts.at("network").value("trial", "");
  Statement(
      connection,
      "INSERT INTO profile_rows (profile, row_id, label, model, trial_id, engine, engine_version, batch, "
      "height, width, precision, memory_format, device, threads, failure, median_seconds, error, "
      "labels_differ, startup_seconds, load_seconds, first_seconds, peak_memory_bytes, "
      "device_peak_memory_bytes, file_bytes, parameters, macs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
      "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .run(profile, row.id, row.label, text_at(facts, "model"),
           trial.empty() ? std::optional<std::string>() : std::optional(trial), text_at(facts, "engine"),
           text_at(facts, "engine_version"), facts.at("batch").get<std::int64_t>(),
           facts.at("height").get<std::int64_t>(), facts.at("width").get<std::int64_t>(),
           text_at(facts, "precision"), text_at(facts, "memory_format"), text_at(facts, "device"),
           facts.at("threads").get<std::int64_t>(),
           row.failure.empty() ? std::optional<std::string>() : std::optional(row.failure), row.median_s,
           row.error, row.labels_differ, row.startup_s, row.load_s, row.first_s, row.peak_bytes,
           row.device_peak_bytes, row.file_bytes, whole(row.parameters), whole(row.macs));
  return connection.integer("SELECT last_insert_rowid()");
}

void insert_iterations(Connection& connection, std::int64_t profile_row, const profiles::RowLog& row) {
  Statement insert(
      connection,
      "INSERT OR REPLACE INTO profile_iterations (profile_row, round, iteration, seconds, disturbed) "
      "VALUES (?, ?, ?, ?, ?)");
  for (const profiles::Visit& visit : row.visits) {
    for (std::size_t i = 0; i < visit.seconds.size(); ++i)
      insert.run(profile_row, visit.round, static_cast<std::int64_t>(i), visit.seconds[i],
                 visit.disturbed ? 1 : 0);
  }
}

}  // namespace

std::vector<std::string> Store::import_profile(const std::filesystem::path& session_folder,
                                               const std::filesystem::path& runs) {
  const std::filesystem::path file = session_folder / segbench::profiles::kProfileLog;
  const ProfileLog log = segbench::profiles::read_profile_log(file);
  const segbench::profiles::ProfileResults results = segbench::profiles::conclude(log);
  const std::string folder = std::filesystem::relative(session_folder, runs).generic_string();
  Transaction transaction(*connection_);
  Statement(*connection_, "DELETE FROM profiles WHERE folder = ?").run(folder);
  Statement(
      *connection_,
      "INSERT INTO profiles (name, session, host, finished, settings, machine, folder, log_bytes) VALUES "
      "(?, ?, ?, ?, ?, ?, ?, ?)")
      .run(results.name, results.session, results.machine.value("host", ""),
           results.finished.empty() ? std::optional<std::string>() : std::optional(results.finished),
           results.settings.dump(), results.machine.dump(), folder,
           static_cast<std::int64_t>(std::filesystem::file_size(file)));
  const std::int64_t profile = connection_->integer("SELECT last_insert_rowid()");
  for (std::size_t i = 0; i < results.rows.size(); ++i)
    insert_iterations(*connection_, insert_row(*connection_, profile, results.rows[i]), log.rows[i]);
  transaction.commit();
  return results.defects;
}

std::map<std::string, std::int64_t> Store::profiles() const {
  Statement rows(*connection_, "SELECT folder, log_bytes FROM profiles");
  std::map<std::string, std::int64_t> found;
  while (rows.step()) found[rows.text(0)] = rows.integer(1);
  return found;
}

std::vector<LatencyRecord> Store::latencies(std::string_view study) const {
  Statement rows(
      *connection_,
      "SELECT r.profile_row, p.folder, r.trial_id, r.engine, r.precision, r.memory_format, r.device, "
      "r.batch, r.height, r.width, r.threads, i.round, i.seconds FROM profiles p JOIN profile_rows r "
      "ON r.profile = p.profile JOIN profile_iterations i ON i.profile_row = r.profile_row "
      "WHERE r.failure IS NULL AND r.trial_id IN (SELECT trial_id FROM trials WHERE study = ? AND "
      "planned) ORDER BY p.session DESC, r.profile_row, i.round, i.iteration");
  rows.bind(study);
  std::vector<LatencyRecord> records;
  std::int64_t last = -1;
  while (rows.step()) {
    if (rows.integer(0) != last) {
      last = rows.integer(0);
      records.push_back({.session = rows.text(1),
                         .trial_id = rows.text(2),
                         .engine = rows.text(3),
                         .precision = rows.text(4),
                         .memory_format = rows.text(5),
                         .device = rows.text(6),
                         .batch = rows.integer(7),
                         .height = rows.integer(8),
                         .width = rows.integer(9),
                         .threads = rows.integer(10),
                         .seconds = {}});
    }
    records.back().seconds[rows.integer(11)].push_back(rows.real(12));
  }
  return records;
}

}  // namespace segbench::store
