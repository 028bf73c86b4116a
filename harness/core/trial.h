// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/core/json.h"
#include "harness/core/variant.h"

namespace segbench::core {

/// Sample indices into the decode cache.
struct Splits {
  std::vector<std::int64_t> train, selection, test;
};

/// `trial.json`: everything that one trial process needs to know. It says what to compute, never how fast
/// (device and threads are command-line options of the worker and are recorded with each attempt).
///
///     {"schema": 1, "study", "trial_id", "variant_id", "variant_label", "seed", "data_fingerprint",
///      "variant": {…}, "cache": "../../../cache/…" (relative to the trial's folder),
///      "splits": {"train": […], "selection": […], "test": […]}, "axes": {…}}
struct TrialSpec {
  std::string study;
  std::string trial_id;
  std::string variant_id;
  std::string variant_label;
  Json axes = Json::object();
  std::uint64_t seed = 0;
  std::string data_fingerprint;
  VariantConfig variant;
  std::string cache;  ///< folder of the decode cache, relative to the trial's folder
  Splits splits;
};

Json to_json(const TrialSpec& spec);
/// Throws UserError naming `file` when the text is no trial specification or of another schema.
TrialSpec read_trial_spec(const std::filesystem::path& file);

/// The files of a trial's folder.
inline constexpr const char* kTrialFile = "trial.json";
inline constexpr const char* kEventsFile = "events.jsonl";  ///< what the trial computed (event_log.h)
inline constexpr const char* kAttemptsFile =
    "attempts.jsonl";  ///< who ran it, when, how it ended (event_log.h)
inline constexpr const char* kWorkerLogFile = "worker.log";
inline constexpr const char* kCheckpointFile = "checkpoint.safetensors";
inline constexpr const char* kPreviousCheckpointFile = "checkpoint.previous.safetensors";
inline constexpr const char* kWeightsFile = "weights.safetensors";
inline constexpr const char* kPredictionsFile = "predictions.u8";  ///< see docs/formats.md
inline constexpr const char* kTrialLockFile = "lock";

enum class TrialStatus { kPending, kRunning, kComplete, kFailed, kInterrupted };
/// "pending", "running", "complete", "failed", "interrupted".
std::string_view to_string(TrialStatus status);
TrialStatus trial_status_from_string(std::string_view text);

/// Why a trial did not complete.
/// kDevice: the accelerator is gone, busy, forbidden or not made for this LibTorch, so no other trial would
/// fare better on it.
enum class FailureReason { kNone, kDiverged, kOutOfMemory, kCrashed, kTimeout, kError, kDevice };
/// "", "diverged", "out_of_memory", "crashed", "timeout", "error", "device".
std::string_view to_string(FailureReason reason);
FailureReason failure_reason_from_string(std::string_view text);

}  // namespace segbench::core
