// SPDX-License-Identifier: MIT
#pragma once

#include "results/conclusions/conclusions.h"
#include "results/conclusions/conditions.h"
#include "results/conclusions/inputs.h"

namespace segbench::conclusions {

/// What a claim about latency calls its measure.
inline constexpr const char* kLatency = "latency";

/// Judges "the candidate saves at least this share of the reference's time for a prediction" by the newest
/// session of a profile that has trials of both: round by round, on every engine, image size, batch,
/// precision, device and number of threads that both were measured with. The least favourable of them
/// decides. Candidate, reference and text of `result` are filled in.
void judge_latency(ClaimResult& result, const Condition& condition, const StudyInputs& inputs,
                   const Conclusions& model);

}  // namespace segbench::conclusions
