// SPDX-License-Identifier: MIT
#include "harness/cli/export_tables.h"

#include "harness/core/error.h"
#include "harness/core/measures.h"
#include "harness/core/optional_json.h"
#include "results/conclusions/summarise.h"

namespace segbench::cli {
namespace {

using core::Json;
using Rows = std::vector<std::vector<Cell>>;

/// Columns that every table begins with.
std::vector<Cell> identity(const store::TrialRecord& trial) {
  return {trial.trial_id, trial.variant_label, trial.seed};
}

Table with_columns(const std::vector<std::string>& names) {
  Table table;
  for (const std::string& name : names) table.columns.push_back({.key = name, .digits = 6});
  return table;
}

void append(std::vector<Cell>& row, std::initializer_list<Cell> cells) {
  row.insert(row.end(), cells);
}

Table trials_table(const std::vector<store::TrialRecord>& trials) {
  Table table = with_columns({"trial_id",
                              "variant",
                              "seed",
                              "study",
                              "variant_id",
                              "axes",
                              "data_fingerprint",
                              "status",
                              "reason",
                              "message",
                              "attempts",
                              "epochs_done",
                              "parameters",
                              "trainable_parameters",
                              "macs",
                              "selected_epoch",
                              "weights_sha256",
                              "selected_weights_sha256",
                              "train_seconds",
                              "peak_memory_bytes",
                              "started",
                              "ended",
                              "folder"});
  for (const store::TrialRecord& t : trials) {
    std::vector<Cell> row = identity(t);
    append(row, {t.study,
                 t.variant_id,
                 t.axes.dump(),
                 t.data_fingerprint,
                 std::string(core::to_string(t.status)),
                 std::string(core::to_string(t.reason)),
                 t.message,
                 t.attempts,
                 t.epochs_done,
                 core::or_null(t.parameters),
                 core::or_null(t.trainable_parameters),
                 core::or_null(t.macs),
                 core::or_null(t.selected_epoch),
                 core::or_null(t.weights_sha256),
                 core::or_null(t.selected_weights_sha256),
                 core::or_null(t.train_seconds),
                 core::or_null(t.peak_memory_bytes),
                 t.started,
                 t.ended,
                 t.folder});
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table epochs_table(const store::Store& store, const std::vector<store::TrialRecord>& trials) {
  Table table = with_columns({"trial_id", "variant", "seed", "epoch", "loss", "learning_rate", "steps",
                              "samples", "train_seconds", "data_wait_seconds"});
  for (const store::TrialRecord& trial : trials) {
    for (const store::EpochRecord& e : store.epochs(trial.trial_id)) {
      std::vector<Cell> row = identity(trial);
      append(row, {e.epoch, core::or_null(e.loss), e.learning_rate, e.steps, e.samples,
                   core::or_null(e.train_seconds), core::or_null(e.data_wait_seconds)});
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

Table evaluations_table(const store::Store& store, const std::vector<store::TrialRecord>& trials) {
  std::vector<std::string> names = {"trial_id", "variant", "seed",   "epoch",
                                    "split",    "weights", "images", "valid_pixels"};
  for (const core::Measure& metric : core::kMetrics) names.emplace_back(metric.key);
  Table table = with_columns(names);
  for (const store::TrialRecord& trial : trials) {
    for (const store::EvaluationRecord& e : store.evaluations(trial.trial_id)) {
      std::vector<Cell> row = identity(trial);
      append(row, {e.epoch, e.split, e.weights, e.images, e.valid_pixels});
      for (const core::Measure& metric : core::kMetrics)
        row.push_back(core::or_null(conclusions::score_of(e, metric.key)));
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

Table counts_table(const store::Store& store, const std::vector<store::TrialRecord>& trials) {
  Table table = with_columns(
      {"trial_id", "variant", "seed", "epoch", "split", "weights", "class", "class_name", "tp", "fp", "fn"});
  for (const store::TrialRecord& trial : trials) {
    for (const store::EvaluationRecord& e : store.evaluations(trial.trial_id)) {
      for (std::size_t c = 0; c < e.counts.size(); ++c) {
        std::vector<Cell> row = identity(trial);
        append(row, {e.epoch, e.split, e.weights, c, trial.class_names.at(c), e.counts[c].tp, e.counts[c].fp,
                     e.counts[c].fn});
        table.rows.push_back(std::move(row));
      }
    }
  }
  return table;
}

Table images_table(const store::Store& store, const std::vector<store::TrialRecord>& trials) {
  Table table = with_columns({"trial_id", "variant", "seed", "split", "index", "image_id", "valid_pixels",
                              "class", "class_name", "tp", "fp", "fn"});
  for (const store::TrialRecord& trial : trials) {
    for (const char* split : {"selection", "test"}) {
      for (const store::ImageRecord& image : store.images(trial.trial_id, split)) {
        for (std::size_t c = 0; c < image.counts.size(); ++c) {
          const core::ClassCounts& n = image.counts[c];
          if (n == core::ClassCounts{}) continue;
          std::vector<Cell> row = identity(trial);
          append(row, {split, image.index, image.id, image.valid_pixels, c, trial.class_names.at(c), n.tp,
                       n.fp, n.fn});
          table.rows.push_back(std::move(row));
        }
      }
    }
  }
  return table;
}

Table measures_table(const store::Store& store, const std::vector<store::TrialRecord>& trials) {
  Table table = with_columns({"trial_id", "variant", "seed", "measure", "unit", "better", "epoch", "split",
                              "index", "class", "value"});
  for (const store::TrialRecord& trial : trials) {
    for (const store::MeasureRecord& m : store.measures(trial.trial_id)) {
      const core::Measure* known = core::find_measure(m.key);
      const Json unit = known != nullptr ? Json(known->unit) : Json();
      const Json better = known != nullptr ? Json(known->higher_is_better ? "higher" : "lower") : Json();
      std::vector<Cell> row = identity(trial);
      const bool of_trial = m.split.empty();
      append(row, {m.key, unit, better, of_trial ? Json() : Json(m.epoch), of_trial ? Json() : Json(m.split),
                   core::or_null(m.image), core::or_null(m.class_index), core::or_null(m.value)});
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

}  // namespace

std::vector<std::string> export_table_names() {
  return {"trials", "epochs", "evaluations", "counts", "images", "measures"};
}

Table export_table(const store::Store& store, const std::string& study, const std::string& name) {
  const std::vector<store::TrialRecord> trials = store.trials(study);
  if (name == "trials") return trials_table(trials);
  if (name == "epochs") return epochs_table(store, trials);
  if (name == "evaluations") return evaluations_table(store, trials);
  if (name == "counts") return counts_table(store, trials);
  if (name == "measures") return measures_table(store, trials);
  SEGBENCH_CHECK(name == "images", "no table {}", name);
  return images_table(store, trials);
}

}  // namespace segbench::cli
