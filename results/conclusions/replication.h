// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "results/conclusions/conclusions.h"

// Whether a published number agrees with ours, and where it does not, whether a named convention or another
// variant gives it.

namespace segbench::conclusions {

/// Decimals of a number as it was written: 3 of 0.476.
int decimals_of(double value);

/// What the replications of a number say together. Nothing is decided below kSeedsForVerdict trials; times
/// and memory, which depend on the machine, are not judged.
std::string outcome_of(const PublishedNumber& number);

/// The first replication by a named cause that agrees; nullptr when there is none.
const Replication* explanation_of(const PublishedNumber& number);

/// "VOC course project, unet: mIoU 0.476 (best of 3 runs) is explained by its convention: …".
std::string sentence_of(const PublishedNumber& number, const Conclusions& model);

}  // namespace segbench::conclusions
