// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

#include "harness/core/decode_cache.h"
#include "harness/core/trial.h"

// The files that a complete trial leaves beside its log. Whoever reads one checks that it is what the log
// says.

namespace segbench::trial {

/// Which engines a trial's final evaluations settled on where evaluation.engine = "auto"; a trial that is
/// resumed or repeated keeps to it.
inline constexpr const char* kEnginesFile = "engines.json";

/// Why a file of a complete trial (kWeightsFile or kPredictionsFile) is not what the trial left: it is
/// missing or holds something else than its "finished" event recorded. "" when it is sound, and for what a
/// log of an older version does not record. Reads the whole file.
std::string file_defect(const std::filesystem::path& trial_folder, const char* name);

/// The path of the weights, checked. Throws UserError when the trial is not complete, or with file_defect()
/// and what to do about it.
std::filesystem::path checked_weights(const std::filesystem::path& trial_folder);

/// The hash of the selected weights that the log of a finished trial recorded (tensors_sha256); empty when
/// there is none.
std::string recorded_weights(const std::filesystem::path& trial_folder);

/// What a trial's network expects of its input: height, width, channels and classes. From the decode cache,
/// or from the weights when the cache was deleted (the list of samples is empty then).
core::CacheManifest read_input_of(const std::filesystem::path& trial_folder, const core::TrialSpec& spec);

}  // namespace segbench::trial
