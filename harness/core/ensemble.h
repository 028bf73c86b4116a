// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/core/trial.h"

// Which trials make an ensemble, and with which seeds there is one.

namespace segbench::core {

/// Ids of the trials whose mean probabilities a trial of an ensemble is: those of each of its variants with
/// the trial's seed, or with as many seeds in a row from it on as the ensemble takes. Empty of a trial that
/// is trained.
std::vector<std::string> member_trials(const TrialSpec& spec);

/// Those of a study's seeds with which a variant with these VariantConfig::ensemble_seeds has a trial: all,
/// but of an ensemble over k seeds the first of every k in a row, so that no two of its trials share a
/// member.
std::vector<std::uint64_t> seeds_of(std::int64_t ensemble_seeds, std::vector<std::uint64_t> seeds);

}  // namespace segbench::core
