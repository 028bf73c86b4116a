// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "harness/core/background.h"
#include "harness/metrics/image_scores.h"

namespace segbench::metrics {

/// What each image contributes to a score of pooled counts: the score plus the first-order change of the
/// score with the image's weight (its empirical influence: Efron, "The Jackknife, the Bootstrap and Other
/// Resampling Plans", 1982). The mean over images is the score; a score of other images, drawn from the same
/// ones, is nearly the mean of theirs. So a mean over images stands for a score that is none. Empty where the
/// score is undefined, or when `metric_key` is no score of counts.
std::vector<double> image_contributions(std::string_view metric_key, std::span<const ImageCounts> images,
                                        const core::Background& background = core::kFirstClass);

}  // namespace segbench::metrics
