// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "harness/augmentations/augmentation.h"
#include "harness/core/pixel_range.h"
#include "harness/data/audit/audit_report.h"
#include "harness/data/audit/scan.h"

// What is needed to look at samples as a network sees them, without a decode cache.

namespace segbench::data {

/// A label map in the classes' colours, void white.
Image in_colours(const LabelMap& map, const std::vector<core::ClassInfo>& classes);

/// What the numbers of the samples mean: black and white, as [data] range says.
core::PixelRange exported_range(const Catalogue& catalogue, const core::DataConfig& config, const Scan& scan,
                                const core::Splits& splits);

/// How the labels of the training split are distributed (augmentations::class_shares()).
std::vector<double> training_shares(const AuditReport& report);

/// The training samples of a trial, which may be pasted into each other.
struct TrainingSamples {
  const std::vector<std::int64_t>& indices;                ///< ascending
  const std::function<DecodedSample(std::int64_t)>& load;  ///< one of them
  std::vector<double> shares = {};                         ///< of their labels, class by class
};

/// What a trial of `seed` makes of the training sample `index` in one epoch.
DecodedSample augmented(std::int64_t index, const TrainingSamples& samples,
                        const augmentations::Augmentations& parts, const core::PixelRange& range,
                        std::uint64_t seed, std::uint32_t epoch);

}  // namespace segbench::data
