// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>

#include "harness/core/error.h"
#include "harness/core/hash.h"
#include "harness/core/imported.h"
#include "harness/core/warning_kinds.h"
#include "harness/trial/folder.h"
#include "harness/trial/folders.h"
#include "results/store/sqlite.h"
#include "results/store/store.h"
#include "results/store/warnings.h"

namespace segbench::store {
namespace {

using core::Json;

/// Evaluations are numbered within their trial, so importing a trial again gives the same rows.
constexpr std::int64_t kEvaluationsPerTrial = 1'000'000;

std::string short_hash(const std::string& text) {
  return core::sha256_hex(text).substr(0, 16);
}

/// What the scores of a split stand on. Where each seed leaves out another fold, trials are compared seed by
/// seed, and the rules say which images those are.
std::string images_of(const core::TrialSpec& spec, const std::vector<std::int64_t>& samples) {
  const core::DataConfig& data = spec.variant.data;
  if (!core::folds_by_seed(data)) return short_hash(Json(samples).dump());
  return short_hash(Json{{"folds", data.folds},
                         {"split_seed", data.split_seed},
                         {"group", data.group},
                         {"stratify", data.stratify},
                         {"train", to_json(data.train)},
                         {"selection", to_json(data.selection)},
                         {"test", to_json(data.test)}}
                        .dump());
}

/// JSON text that is valid UTF-8 whatever the strings hold.
std::string safe_dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The trial's number: the one it had, or the next free one.
std::int64_t trial_number(Connection& connection, const core::TrialSpec& spec) {
  Statement known(connection, "SELECT trial FROM trials WHERE study = ? AND trial_id = ?");
  known.bind(spec.study, spec.trial_id);
  if (known.step()) return known.integer(0);
  return connection.integer("SELECT ifnull(max(trial), 0) + 1 FROM trials");
}

/// Whether the store has this trial from another folder, which is still there and stays.
bool is_better_elsewhere(Connection& connection, const core::TrialSpec& spec, const std::string& folder,
                         const std::filesystem::path& runs, const trial::TrialStanding& standing) {
  Statement known(connection,
                  "SELECT folder FROM trials WHERE study = ? AND trial_id = ? AND folder NOT IN ('', ?)");
  known.bind(spec.study, spec.trial_id, folder);
  if (!known.step() || !trial::is_trial_folder(runs / known.text(0))) return false;
  const bool is_complete_here = standing.status == core::TrialStatus::kComplete;
  const bool is_complete_there =
      trial::read_trial_standing(runs / known.text(0)).status == core::TrialStatus::kComplete;
  if (is_complete_here != is_complete_there) return is_complete_there;
  return !folder.starts_with(spec.study + "/");
}

/// Predictions that were imported are part of their study, whatever its experiment file plans.
bool is_planned(Connection& connection, const core::TrialSpec& spec) {
  if (spec.variant.model.architecture == core::kImportedArchitecture) return true;
  Statement planned(connection,
                    "SELECT NOT EXISTS (SELECT 1 FROM planned_trials WHERE study = ?) "
                    "OR EXISTS (SELECT 1 FROM planned_trials WHERE study = ? AND trial_id = ?)");
  planned.bind(spec.study, spec.study, spec.trial_id);
  planned.step();
  return planned.integer(0) != 0;
}

void write_trial(Connection& connection, std::int64_t trial, const core::TrialSpec& spec,
                 const trial::EventSummary& events, const trial::TrialStanding& state,
                 const std::string& folder) {
  Statement(connection, "INSERT INTO studies VALUES (?, '', '{}') ON CONFLICT DO NOTHING").run(spec.study);
  Statement(connection,
            "INSERT INTO variants VALUES (?, ?) ON CONFLICT DO UPDATE SET config = excluded.config")
      .run(spec.variant_id, safe_dump(to_json(spec.variant)));
  const bool planned = is_planned(connection, spec);
  Statement(connection, "DELETE FROM trials WHERE trial = ?").run(trial);
  Statement(connection,
            "INSERT INTO trials VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
            "?)")
      .run(trial, spec.study, spec.trial_id, spec.variant_id, spec.variant_label, safe_dump(spec.axes),
           static_cast<std::int64_t>(spec.seed), planned ? 1 : 0, spec.data_fingerprint,
           images_of(spec, spec.splits.selection), images_of(spec, spec.splits.test),
           core::to_string(state.status), core::to_string(state.reason), state.message,
           safe_dump(Json(events.class_names)), events.class_weights, events.selected_epoch,
           events.selected_metric, events.selected_value, events.initial_weights_sha256,
           events.weights_sha256, events.selected_weights_sha256, folder, spec.variant.data.background);
}

void write_attempts(Connection& connection, std::int64_t trial, const std::vector<AttemptRecord>& attempts) {
  Statement environment(connection, "INSERT INTO environments VALUES (?, ?) ON CONFLICT DO NOTHING");
  Statement insert(connection,
                   "INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (const AttemptRecord& a : attempts) {
    const std::string id = short_hash(a.environment);
    environment.run(id, a.environment);
    insert.run(trial, a.attempt, a.host, a.pid, a.started, a.ended, a.resumed_epoch, a.resumed_step, a.status,
               a.reason, a.message, a.exit_code, a.peak_memory_bytes, a.seconds, id, a.trials_at_once,
               a.shared_with);
  }
}

void write_pretrained(Connection& connection, std::int64_t trial,
                      const std::optional<trial::PretrainedEvent>& weights) {
  if (!weights) return;
  Statement(connection, "INSERT INTO pretrained_weights VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .run(trial, weights->file, weights->sha256, weights->name_check, weights->format, weights->convention,
           weights->tensors, weights->folded ? 1 : 0, weights->excluded, weights->left_out, weights->kept);
}

void write_verification(Connection& connection, std::int64_t trial,
                        const std::optional<trial::VerificationRecord>& verification) {
  if (!verification) return;
  Statement(connection, "INSERT INTO verifications VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .run(trial, verification->grade, verification->largest_iou_difference, verification->first_difference,
           verification->time, verification->host, verification->device, verification->threads);
}

void write_epochs(Connection& connection, std::int64_t trial, const std::vector<trial::EpochEvent>& epochs) {
  Statement insert(connection, "INSERT INTO epochs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (const trial::EpochEvent& e : epochs) {
    insert.run(trial, e.epoch, e.loss, e.learning_rate, e.steps, e.samples, e.train_seconds,
               e.data_wait_seconds, e.checkpoint_seconds);
  }
}

std::optional<std::string> cells_text(const std::optional<core::Confusion>& confusion) {
  if (!confusion) return std::nullopt;
  fmt::memory_buffer text;
  for (const std::int64_t cell : confusion->cells())
    fmt::format_to(std::back_inserter(text), "{}{}", text.size() == 0 ? '[' : ',', cell);
  return fmt::to_string(text) + ']';
}

void write_evaluations(Connection& connection, std::int64_t trial,
                       const std::vector<trial::EvaluationEvent>& evaluations) {
  Statement insert(connection, "INSERT INTO evaluations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  Statement insert_counts(connection, "INSERT INTO class_counts VALUES (?, ?, ?, ?, ?)");
  Statement insert_image(connection, "INSERT INTO images VALUES (?, ?, ?, ?)");
  Statement insert_image_counts(connection, "INSERT INTO image_counts VALUES (?, ?, ?, ?, ?, ?)");
  std::int64_t number = trial * kEvaluationsPerTrial;
  for (const trial::EvaluationEvent& e : evaluations) {
    insert.run(number, trial, e.epoch, e.split, e.weights, e.loss, e.valid_pixels, e.images,
               e.evaluate_seconds, cells_text(e.confusion));
    for (std::size_t c = 0; c < e.counts.size(); ++c) {
      insert_counts.run(number, static_cast<std::int64_t>(c), e.counts[c].tp, e.counts[c].fp, e.counts[c].fn);
    }
    for (const auto& [index, image] : e.image_records) {
      insert_image.run(number, index, image.id, image.valid_pixels);
      for (std::size_t c = 0; c < image.counts.size(); ++c) {
        const core::ClassCounts& n = image.counts[c];
        if (n != core::ClassCounts{})
          insert_image_counts.run(number, index, static_cast<std::int64_t>(c), n.tp, n.fp, n.fn);
      }
    }
    ++number;
  }
}

/// One that is there already stays.
void write_measures(Connection& connection, std::int64_t trial, const std::vector<MeasureRecord>& measures) {
  Statement insert(connection, "INSERT INTO measures VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
  constexpr std::optional<std::int64_t> kNone;
  for (const MeasureRecord& m : measures) {
    if (m.split.empty())
      insert.run(trial, kNone, kNone, m.key, m.image, m.class_index, m.value);
    else
      insert.run(trial, m.split, m.epoch, m.key, m.image, m.class_index, m.value);
  }
}

/// What the logs tell of a trial as a whole besides events "measure"; one that is not known has no row.
std::vector<MeasureRecord> recorded_measures(const trial::FolderContent& content) {
  const trial::EventSummary& events = content.events;
  std::optional<double> seconds;
  for (const trial::EpochEvent& epoch : events.epochs) {
    if (epoch.train_seconds) seconds = seconds.value_or(0) + *epoch.train_seconds;
  }
  std::optional<std::int64_t> bytes, device_bytes;
  const auto raise = [](std::optional<std::int64_t>& most, const std::optional<std::int64_t>& value) {
    if (value) most = std::max(most.value_or(0), *value);
  };
  for (const AttemptRecord& attempt : content.attempts.attempts) {
    raise(bytes, attempt.peak_memory_bytes);
    raise(device_bytes, attempt.device_peak_memory_bytes);
  }
  std::vector<MeasureRecord> measures;
  const auto add = [&](const char* key, const auto& value) {
    if (!value) return;
    measures.emplace_back();
    measures.back().key = key;
    measures.back().value = static_cast<double>(*value);
  };
  add("train_seconds", seconds);
  add("peak_memory_bytes", bytes);
  add("device_peak_memory_bytes", device_bytes);
  add("parameters", events.parameters);
  add("trainable_parameters", events.trainable_parameters);
  add("macs", events.macs);
  return measures;
}

std::vector<core::Warning> damaged_logs(const trial::FolderContent& content) {
  std::vector<core::Warning> warnings;
  for (const std::string& problem : content.warnings)
    warnings.push_back(core::make_warning("damaged_log", {{"problem", problem}}));
  return warnings;
}

void write_thresholds(Connection& connection, std::int64_t trial,
                      const std::vector<trial::ThresholdRecord>& thresholds) {
  Statement insert(connection, "INSERT INTO thresholds VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
  for (const trial::ThresholdRecord& t : thresholds)
    insert.run(trial, t.threshold, t.epoch, t.metric, t.score, t.is_chosen ? 1 : 0);
}

}  // namespace

std::vector<std::string> Store::import_trial(const std::filesystem::path& trial_folder,
                                             const std::filesystem::path& runs) {
  trial::FolderContent content;
  try {
    content = trial::read_folder(trial_folder);
  } catch (const core::UserError& error) {
    return {error.what()};
  }
  const core::TrialSpec& spec = content.spec;
  trial::EventSummary& events = content.events;
  const std::string folder = std::filesystem::relative(trial_folder, runs).generic_string();
  if (is_better_elsewhere(*connection_, spec, folder, runs, content.standing)) return {};
  if (events.evaluations.size() > static_cast<std::size_t>(kEvaluationsPerTrial)) {
    content.warnings.push_back(fmt::format("{}: more than {} evaluations; the rest is left out",
                                           trial_folder.string(), kEvaluationsPerTrial));
    events.evaluations.resize(kEvaluationsPerTrial);
  }

  Transaction transaction(*connection_);
  const std::int64_t trial = trial_number(*connection_, spec);
  write_trial(*connection_, trial, spec, events, content.standing, folder);
  write_attempts(*connection_, trial, content.attempts.attempts);
  write_pretrained(*connection_, trial, events.pretrained);
  write_verification(*connection_, trial, content.verification);
  write_epochs(*connection_, trial, events.epochs);
  write_evaluations(*connection_, trial, events.evaluations);
  write_measures(*connection_, trial, events.measures);
  write_measures(*connection_, trial, recorded_measures(content));
  write_thresholds(*connection_, trial, events.thresholds);
  write_trial_warnings(*connection_, spec.study, trial, spec.variant_id, "trial", events.warnings);
  write_trial_warnings(*connection_, spec.study, trial, spec.variant_id, "machine",
                       content.attempts.warnings);
  write_trial_warnings(*connection_, spec.study, trial, spec.variant_id, "import", damaged_logs(content));
  transaction.commit();
  return std::move(content.warnings);
}

}  // namespace segbench::store
