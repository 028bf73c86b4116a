// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "results/conclusions/conclusions.h"

namespace segbench::conclusions {

/// A variant's values: costs of its trials (or of the rounds of a profile), and scores of its trials, where
/// more is better.
struct FrontCandidate {
  std::string id;
  std::vector<double> costs, scores;
};

/// Says of each line of a front, as its candidate stands for it, whether it is on it and with what
/// probability. Its lines are sorted by cost then.
void fill_front(Front& front, const std::vector<FrontCandidate>& candidates);

/// A front of the time that a prediction takes.
struct LatencyFront {
  std::string what;  ///< how it was measured: "pytorch, batch 1, 128 × 128, float32, cpu, 2 threads"
  Front front;       ///< its cost is kLatency, in seconds
};

/// Of the newest session of a profile that has trials of two variants: one front for each way in which at
/// least two were measured, those of most variants first, then small batches; at most kMostLatencyFronts.
std::vector<LatencyFront> latency_fronts(const StudyInputs& inputs, const Conclusions& model);
inline constexpr std::size_t kMostLatencyFronts = 6;

}  // namespace segbench::conclusions
