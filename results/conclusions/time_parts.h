// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "results/conclusions/conclusions.h"

namespace segbench::conclusions {

/// Where the wall-clock time of a variant's trials went, in seconds a trial.
struct TimeParts {
  std::string variant;
  Quantity training;    ///< steps of the optimizer, without waiting for data
  Quantity waiting;     ///< for batches
  Quantity evaluation;  ///< on the selection and the test split
  Quantity rest;        ///< starting, reading the cache, checkpoints, failed attempts
};

/// Of every variant that has a complete trial with times of its epochs, in the leaderboard's order.
std::vector<TimeParts> time_parts(const StudyInputs& inputs, const Conclusions& model);

}  // namespace segbench::conclusions
