// SPDX-License-Identifier: MIT
#include "results/store/warnings.h"

#include "results/store/sqlite.h"
#include "results/store/store.h"

namespace segbench::store {
namespace {

using core::Json;

constexpr const char* kInsertWarning = "INSERT INTO warnings VALUES (?, ?, ?, ?, ?, ?, ?)";

/// A string of an object; "" where it is absent or no string.
std::string member(const Json& object, const char* key) {
  if (!object.is_object() || !object.contains(key) || !object.at(key).is_string()) return "";
  return object.at(key).get<std::string>();
}

Json list_in(const Json& object, const char* key) {
  return object.is_object() && object.contains(key) && object.at(key).is_array() ? object.at(key)
                                                                                 : Json::array();
}

}  // namespace

void write_study_warnings(Connection& connection, const std::string& study, const Json& definition) {
  Statement(connection, "DELETE FROM warnings WHERE study = ? AND trial IS NULL").run(study);
  Statement insert(connection, kInsertWarning);
  const std::optional<std::int64_t> no_trial;
  const Json audit = definition.contains("audit") ? definition.at("audit") : Json();
  for (const Json& finding : list_in(audit, "findings")) {
    const std::string file = member(finding, "file"), message = member(finding, "message");
    if (message.empty() || finding.value("refuses", Json()) == true) continue;
    insert.run(study, no_trial, "", "audit", member(finding, "code"),
               (file.empty() ? "" : file + ": ") + message, member(finding, "remedy"));
  }
  for (const Json& entry : list_in(definition, "warnings")) {
    const core::Warning warning = entry.get<core::Warning>();
    const std::string source = member(entry, "source") == "run" ? "run" : "plan";
    if (warning.message.empty()) continue;
    insert.run(study, no_trial, member(entry, "variant"), source, warning.code, warning.message,
               warning.remedy);
  }
}

void write_trial_warnings(Connection& connection, const std::string& study, std::int64_t trial,
                          const std::string& variant_id, const std::string& source,
                          const std::vector<core::Warning>& warnings) {
  Statement insert(connection, kInsertWarning);
  for (const core::Warning& warning : warnings)
    insert.run(study, trial, variant_id, source, warning.code, warning.message, warning.remedy);
}

std::vector<WarningRecord> Store::warnings(std::string_view study) const {
  Statement rows(*connection_,
                 "SELECT ifnull(t.trial_id, ''), w.variant_id, w.source, w.code, w.message, w.remedy "
                 "FROM warnings w LEFT JOIN trials t ON t.trial = w.trial "
                 "WHERE w.study = ? AND (w.trial IS NULL OR t.planned) "
                 "ORDER BY w.source, w.code, w.variant_id, t.seed, w.rowid");
  rows.bind(study);
  std::vector<WarningRecord> warnings;
  while (rows.step()) {
    warnings.push_back({.trial_id = rows.text(0),
                        .variant_id = rows.text(1),
                        .source = rows.text(2),
                        .warning = {.code = rows.text(3), .message = rows.text(4), .remedy = rows.text(5)}});
  }
  return warnings;
}

}  // namespace segbench::store
