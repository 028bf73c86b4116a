// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/background.h"
#include "harness/core/json.h"
#include "harness/core/shared_json.h"
#include "harness/core/trial.h"
#include "harness/core/warning.h"
#include "harness/trial/log_stamp.h"
#include "harness/trial/records.h"

// What the store hands out: plain data, one struct a table or view. Undefined numbers are std::nullopt, never
// 0.

namespace segbench::store {

using trial::AttemptRecord;
using trial::EpochRecord;
using trial::EvaluationRecord;
using trial::ImageRecord;
using trial::MeasureRecord;
using trial::ThresholdRecord;

/// A form of a study that was written down before, by `segbench plan --seal`.
struct SealRecord {
  std::string sha256;  ///< core::sealed_form_sha256()
  std::string time;    ///< UTC
};

struct StudyRecord {
  std::string name;
  std::string question;
  core::Json study = core::Json::object();  ///< what study.json holds: claims, source text, published numbers
  std::int64_t trials = 0, complete = 0, failed = 0;
  std::int64_t left_out = 0;  ///< trials of earlier forms of the study, which it no longer plans
  std::vector<SealRecord> seals;
};

struct TrialRecord {
  std::string trial_id, study, variant_id, variant_label;
  core::Json axes = core::Json::object();  ///< {"model.size": "small", …}
  core::SharedJson variant;                ///< the resolved variant (core/variant.h)
  std::uint64_t seed = 0;
  std::string data_fingerprint;
  std::string selection_set,
      test_set;  ///< the first 16 hex digits of the SHA-256 of the split's sample indices
  core::TrialStatus status = core::TrialStatus::kPending;
  core::FailureReason reason = core::FailureReason::kNone;
  std::string message;  ///< of the failure, "" otherwise
  std::int64_t attempts = 0;
  std::int64_t epochs_done = 0;
  std::vector<std::string> class_names;
  core::Background background = core::kFirstClass;  ///< empty: the data have none
  /// Measures of the trial as a whole, by key: those of core::kMeasures with Scope::kTrial, and others that
  /// its log names.
  std::map<std::string, double> measures;
  std::optional<std::int64_t> parameters, trainable_parameters, macs;  ///< of `measures`
  std::optional<double> train_seconds;
  std::optional<std::int64_t> peak_memory_bytes;
  std::optional<std::int64_t> selected_epoch;
  std::optional<std::string> weights_sha256, selected_weights_sha256;
  core::SharedJson environment;     ///< of the last attempt
  core::Json pretrained = nullptr;  ///< a row of pretrained_weights; null: it began with random weights
  core::Json verification =
      nullptr;                 ///< grade, largest_iou_difference, host, device, threads; null: not verified
  std::string started, ended;  ///< UTC time stamps; "" when unknown
  std::string folder;          ///< of the trial, relative to the runs folder
};

/// What the store takes a trial's status for, and with which stamp of its logs; an empty one if with none.
struct KnownTrial {
  std::int64_t number = 0;
  core::TrialStatus status = core::TrialStatus::kPending;
  trial::LogStamp stamp;
};

/// What one row of a profile's session took (results/profiles): a trial's network on one engine.
struct LatencyRecord {
  std::string session;  ///< its folder below the runs folder
  std::string trial_id;
  std::string engine, precision, memory_format, device;
  std::int64_t batch = 0, height = 0, width = 0, threads = 0;
  std::map<std::int64_t, std::vector<double>> seconds;  ///< of the iterations of each round
};

/// Something that weakens a study's results, told by the audit, the plan, the run or a trial.
struct WarningRecord {
  std::string trial_id;    ///< "": about the study or a whole variant
  std::string variant_id;  ///< "": about the whole study
  std::string source;      ///< audit | plan | run | trial | machine
  core::Warning warning;
};

}  // namespace segbench::store
