// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/core/json.h"
#include "harness/core/warning.h"
#include "harness/trial/event_log.h"
#include "harness/trial/records.h"

namespace segbench::trial {

/// What attempts.jsonl says (event_log.h). Lines that do not fit are left out.
struct AttemptLog {
  std::vector<AttemptRecord> attempts;  ///< by number
  std::vector<core::Warning> warnings;  ///< about machine and folder, each once
  std::vector<EventDefect> defects;     ///< the lines that were left out, and why
};

/// Never throws on content; no file is an empty log.
AttemptLog read_attempts(const std::filesystem::path& trial_folder);

/// The number of the last attempt; 0 before the first.
std::int64_t last_attempt(const AttemptLog& log);

/// The processors and instruction sets of the attempts that made the trial what it is, those since it last
/// began anew: each once, in order, such as "AMD EPYC 7763, AVX2, BLAS for Zen", or the
/// model of a GPU. Several round differently,
/// so that the trial's result is none that an uninterrupted training gives to the bit.
std::vector<std::string> processors(const AttemptLog& log);

/// The model of the GPU that an attempt ran on; "": on a CPU, or it did not say.
std::string gpu_of(const AttemptRecord& attempt);

/// What the attempts recorded of their environment, in order; those that recorded none are left out.
std::vector<core::Json> read_environments(const std::filesystem::path& trial_folder);

}  // namespace segbench::trial
