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
#include "harness/trial/records.h"

// The logs of one trial, read and checked. Logs are input like any other: what does not fit is left out with
// a warning.

namespace segbench::trial {

/// Bounds that keep every sum of counts far from overflow: a petapixel in an evaluation, a terapixel in an
/// image.
inline constexpr std::int64_t kMaxEvaluationPixels = std::int64_t{1} << 50;
inline constexpr std::int64_t kMaxImagePixels = std::int64_t{1} << 40;

/// Warnings about one file, "FILE:LINE: what"; beyond the first twenty they are only counted.
class Warnings {
 public:
  void add(const std::filesystem::path& file, int line, const std::string& message);
  /// All warnings; a last line tells how many more there were.
  std::vector<std::string> take();

 private:
  std::vector<std::string> lines_;
  std::map<std::filesystem::path, int> seen_;
};

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

/// What a second run of the trial showed.
struct VerificationRecord {
  std::string grade;
  std::optional<double> largest_iou_difference;
  std::string first_difference, time, host, device;
  std::int64_t threads = 0;
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
  std::vector<core::Warning> warnings;  ///< each once
};

EventSummary read_events(const std::filesystem::path& file, const core::TrialSpec& spec, Warnings& warnings);
std::vector<AttemptRecord> read_attempts(const std::filesystem::path& file, Warnings& warnings);
/// Empty when the trial was not verified, or with a warning when the file does not fit.
std::optional<VerificationRecord> read_verification(const std::filesystem::path& file, Warnings& warnings);

/// The warnings in a trial's attempts.jsonl, each once. Never throws on content.
std::vector<core::Warning> read_machine_warnings(const std::filesystem::path& attempts_file);

}  // namespace segbench::trial
