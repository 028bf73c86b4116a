// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/trial.h"
#include "harness/core/warning.h"
#include "harness/trial/event_log.h"
#include "harness/trial/line_warnings.h"
#include "harness/trial/records.h"

// What a trial computed, read and checked. Logs are input like any other: what does not fit is left out with
// a warning.

namespace segbench::trial {

/// Bounds that keep every sum of counts far from overflow: a petapixel in an evaluation, a terapixel in an
/// image.
inline constexpr std::int64_t kMaxEvaluationPixels = std::int64_t{1} << 50;
inline constexpr std::int64_t kMaxImagePixels = std::int64_t{1} << 40;

struct EpochEvent : EpochRecord {
  std::optional<double> checkpoint_seconds;
};

struct EvaluationEvent : EvaluationRecord {
  std::map<std::int64_t, ImageRecord> image_records;  ///< by index; of a final evaluation
};

/// The weights that training began with.
struct PretrainedEvent {
  std::string file, sha256, name_check, format, convention;
  std::int64_t tensors = 0;
  bool folded = false;
  std::string excluded = "[]", left_out = "[]", kept = "[]";  ///< JSON: lists of names
};

/// What events.jsonl says.
struct EventSummary {
  bool empty = true;  ///< no event at all
  bool finished = false, diverged = false;
  std::string ending;   ///< sentence about the divergence
  int num_classes = 0;  ///< 0: unknown
  std::vector<std::string> class_names;
  std::string class_weights = "[]";  ///< JSON
  std::optional<std::int64_t> parameters, trainable_parameters, macs, selected_epoch;
  std::optional<std::string> selected_metric, initial_weights_sha256, weights_sha256, selected_weights_sha256;
  std::optional<double> selected_value;
  std::optional<PretrainedEvent> pretrained;
  std::vector<EpochEvent> epochs;
  std::vector<EvaluationEvent> evaluations;
  std::vector<MeasureRecord> measures;           ///< of final evaluations
  std::vector<ThresholdRecord> thresholds = {};  ///< that were tried, where one was searched
  std::vector<core::Warning> warnings;           ///< each once
};

/// Checks the events of a log of the trial `spec`. `file` names the log in warnings.
EventSummary summarise_events(const EventLog& log, const core::TrialSpec& spec,
                              const std::filesystem::path& file, Warnings& warnings);

}  // namespace segbench::trial
