// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <map>
#include <set>

#include "harness/core/error.h"
#include "harness/core/files.h"
#include "harness/core/identity.h"
#include "harness/core/looks.h"
#include "harness/core/study_file.h"
#include "harness/trial/event_fields.h"
#include "harness/trial/looks_log.h"
#include "results/store/sqlite.h"
#include "results/store/store.h"
#include "results/store/warnings.h"

namespace segbench::store {
namespace {

using core::Json;

struct PlannedTrial {
  std::string variant_id, variant_label;
  std::string axes, config;  ///< JSON
  std::uint64_t seed = 0;
  std::string data_fingerprint;
};

struct Plan {
  std::string name, question;
  std::vector<std::string> trial_ids;
  std::vector<PlannedTrial> cells;  ///< every variant with every seed; the data fingerprint is still open
  std::set<std::string> data_fingerprints;  ///< that the study file mentions, in its audit
};

/// Every "data_fingerprint" in the audit; there is one for each [data] of the study.
void collect_fingerprints(const Json& json, std::set<std::string>& found) {
  if (!json.is_structured()) return;
  for (const auto& [key, value] : json.items()) {
    if (key == "data_fingerprint" && value.is_string()) found.insert(value.get<std::string>());
    collect_fingerprints(value, found);
  }
}

/// Of a study to which seeds are added as needed: the trials that are wanted so far. Trials are listed seed
/// by seed, each with all variants.
void keep_wanted(Plan& plan, const Json& study) {
  if (!core::is_sequential(study) || plan.trial_ids.size() != plan.cells.size()) return;
  const std::map<std::string, std::size_t> wanted = core::wanted_seeds(study);
  const std::size_t variants = study.at("variants").size();
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < plan.trial_ids.size(); ++i) {
    const std::string id = study.at("variants")[i % variants].value("id", "");
    if (i / variants < wanted.at(id)) ids.push_back(plan.trial_ids[i]);
  }
  plan.trial_ids = std::move(ids);
}

Plan read_plan(const Json& json) {
  if (!json.is_object()) throw trial::BadValue("no JSON object");
  const trial::EventFields fields(json);
  if (const auto schema = fields.integer("schema"); schema != 1)
    throw trial::BadValue(fmt::format("schema is {}, but must be 1", schema));
  Plan plan{fields.text("name"), fields.optional_text("question").value_or(""), {}, {}, {}};
  for (const Json& id : fields.array("trials")) {
    if (!id.is_string()) throw trial::BadValue("\"trials\" holds what is no trial id");
    plan.trial_ids.push_back(id.get<std::string>());
  }
  for (const Json& variant : fields.array("variants")) {
    if (!variant.is_object()) throw trial::BadValue("\"variants\" holds what is no object");
    const trial::EventFields of_variant(variant);
    for (const Json& seed : fields.array("seeds")) {
      if (!seed.is_number_unsigned()) throw trial::BadValue("\"seeds\" holds what is no seed");
      plan.cells.push_back({of_variant.text("id"), of_variant.text("label"),
                            variant.value("axes", Json::object()).dump(),
                            variant.value("config", Json::object()).dump(), seed.get<std::uint64_t>(), ""});
    }
  }
  keep_wanted(plan, json);
  if (json.contains("audit")) collect_fingerprints(json.at("audit"), plan.data_fingerprints);
  return plan;
}

/// What each trial id stands for: an id is a hash of variant, seed and data fingerprint, so trying all of
/// them tells.
std::map<std::string, PlannedTrial> cells_by_trial_id(Connection& connection, const Plan& plan) {
  std::set<std::string> fingerprints = plan.data_fingerprints;
  Statement known(connection, "SELECT DISTINCT data_fingerprint FROM trials WHERE study = ?");
  known.bind(plan.name);
  while (known.step()) fingerprints.insert(known.text(0));
  fingerprints.erase("");
  std::map<std::string, PlannedTrial> cells;
  for (const PlannedTrial& cell : plan.cells) {
    for (const std::string& fingerprint : fingerprints) {
      PlannedTrial trial = cell;
      trial.data_fingerprint = fingerprint;
      cells.emplace(core::trial_id(cell.variant_id, cell.seed, fingerprint), std::move(trial));
    }
  }
  return cells;
}

void add_pending_trials(Connection& connection, const Plan& plan) {
  const std::map<std::string, PlannedTrial> cells = cells_by_trial_id(connection, plan);
  Statement known(connection, "SELECT 1 FROM trials WHERE study = ? AND trial_id = ?");
  Statement variant(connection, "INSERT INTO variants VALUES (?, ?) ON CONFLICT DO NOTHING");
  Statement insert(
      connection,
      "INSERT INTO trials (trial, study, trial_id, variant_id, variant_label, axes, seed, planned, "
      "data_fingerprint, selection_set, test_set, status, reason, message, class_names, class_weights, "
      "folder, background) "
      "VALUES ((SELECT ifnull(max(trial), 0) + 1 FROM trials), ?, ?, ?, ?, ?, ?, 1, ?, '', '', 'pending', "
      "'', "
      "'', '[]', '[]', '', CASE WHEN json_type(?, '$.data.background') IS NULL THEN 0 ELSE json_extract(?, "
      "'$.data.background') END)");
  for (const std::string& id : plan.trial_ids) {
    known.bind(plan.name, id);
    const auto cell = cells.find(id);
    if (known.step() || cell == cells.end()) continue;
    const PlannedTrial& trial = cell->second;
    variant.run(trial.variant_id, trial.config);
    insert.run(plan.name, id, trial.variant_id, trial.variant_label, trial.axes,
               static_cast<std::int64_t>(trial.seed), trial.data_fingerprint, trial.config, trial.config);
  }
}

/// Of seals.json what is sound; the earliest time of each form stays.
void write_seals(Connection& connection, const std::string& study, const std::filesystem::path& file) {
  Statement(connection, "DELETE FROM seals WHERE study = ?").run(study);
  if (!std::filesystem::exists(file)) return;
  const Json seals = Json::parse(core::read_file(file), nullptr, /*allow_exceptions=*/false);
  if (!seals.is_array()) return;
  Statement insert(connection, "INSERT INTO seals VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
  for (const Json& seal : seals) {
    const auto text = [&](const char* key) {
      const auto found = seal.is_object() ? seal.find(key) : seal.end();
      return seal.is_object() && found != seal.end() && found->is_string() ? found->get<std::string>() : "";
    };
    if (!text("sha256").empty() && !text("time").empty()) insert.run(study, text("sha256"), text("time"));
  }
}

}  // namespace

void Store::import_study(const std::filesystem::path& study_folder) {
  const std::filesystem::path file = study_folder / core::kStudyFile;
  Plan plan;
  const Json json = trial::read_study(study_folder);
  try {
    if (json.is_null()) throw trial::BadValue("no JSON");
    plan = read_plan(json);
  } catch (const trial::BadValue& bad) {
    throw core::UserError(fmt::format("{}: no study file: {}", file.string(), bad.what()));
  }

  Connection& connection = *connection_;
  Transaction transaction(connection);
  Statement(connection,
            "INSERT INTO studies VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET question = excluded.question, definition = excluded.definition")
      .run(plan.name, plan.question, json.dump());
  Statement(connection, "DELETE FROM planned_trials WHERE study = ?").run(plan.name);
  Statement planned(connection, "INSERT INTO planned_trials VALUES (?, ?) ON CONFLICT DO NOTHING");
  for (const std::string& id : plan.trial_ids) planned.run(plan.name, id);
  Statement(connection,
            "UPDATE trials SET planned = trial_id IN (SELECT trial_id FROM planned_trials WHERE study = ?) "
            "OR variant_id IN (SELECT variant_id FROM variants WHERE "
            "json_extract(config, '$.model.architecture') = 'imported') WHERE study = ?")
      .run(plan.name, plan.name);
  Statement(connection, "DELETE FROM trials WHERE study = ? AND folder = '' AND NOT planned").run(plan.name);
  add_pending_trials(connection, plan);
  write_study_warnings(connection, plan.name, json);
  write_seals(connection, plan.name, study_folder / core::kSealsFile);
  transaction.commit();
}

}  // namespace segbench::store
