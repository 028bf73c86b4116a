// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "harness/data/audit/scan.h"

namespace segbench::data {

/// Reads the files of one sample that is not built in, at the size that they have; what fails or does not fit
/// is a finding, and then nothing is returned.
std::optional<DecodedSample> read_sample(const Catalogue& catalogue, const core::DataConfig& config,
                                         std::size_t index, SampleFacts& facts);

}  // namespace segbench::data
