// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/background.h"
#include "harness/core/counts.h"

// What a trial's logs say, as plain data. Undefined numbers are std::nullopt, never 0.

namespace segbench::trial {

/// One attempt at a trial: a crashed or interrupted trial has several.
struct AttemptRecord {
  std::int64_t attempt = 0;
  std::string host, started;
  std::optional<std::int64_t> pid, resumed_epoch, resumed_step;
  std::string environment = "{}";  ///< JSON
  std::optional<std::string> ended, status, reason, message;
  std::optional<std::int64_t> exit_code;
  std::optional<std::int64_t> peak_memory_bytes;              ///< of the process, on the host
  std::optional<std::int64_t> device_peak_memory_bytes = {};  ///< of LibTorch's allocator there
  std::optional<double> seconds;
  std::int64_t trials_at_once = 1;  ///< most trials of its run that ran at a time
  std::string shared_with = "[]";   ///< JSON: ids of the trials that ran at the same time
};

struct EpochRecord {
  std::int64_t epoch = 0;
  std::optional<double> loss;
  double learning_rate = 0;
  std::int64_t steps = 0, samples = 0;
  std::optional<double> train_seconds, data_wait_seconds;
};

struct EvaluationRecord {
  std::string trial_id;
  std::int64_t epoch = 0;
  std::string split;    ///< selection | test
  std::string weights;  ///< current (at the end of `epoch`) | selected (the final evaluation)
  std::optional<double> loss;
  std::int64_t valid_pixels = 0, images = 0;
  std::vector<core::ClassCounts> counts;     ///< pooled over the images, one entry a class
  std::optional<core::Confusion> confusion;  ///< of final evaluations
  std::optional<double> evaluate_seconds;
  core::Background background = core::kFirstClass;  ///< of the trial's classes
  /// What a final evaluation measured of all its images, by key (core/measures.h).
  std::map<std::string, std::optional<double>> measures;
};

/// A value that no count tells: of a trial as a whole, of all images of a final evaluation, of one image or
/// of one class.
struct MeasureRecord {
  std::string key;         ///< of core::kMeasures, or of a later version
  std::int64_t epoch = 0;  ///< of the final evaluation
  std::string split;       ///< selection | test; "": of the trial as a whole
  std::optional<std::int64_t> image, class_index;
  std::optional<double> value;  ///< empty: undefined
};

/// A threshold that was tried on the selection split.
struct ThresholdRecord {
  std::int64_t epoch = 0;
  std::string metric;  ///< by which one was chosen
  double threshold = 0;
  std::optional<double> score;
  bool is_chosen = false;
};

/// One image of a final evaluation.
struct ImageRecord {
  std::int64_t index = 0;  ///< sample index in the decode cache
  std::string id;
  std::int64_t valid_pixels = 0;
  std::vector<core::ClassCounts> counts;  ///< one entry a class
  core::Background background = core::kFirstClass;
};

}  // namespace segbench::trial
