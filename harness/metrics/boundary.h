// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/metrics/mask.h"

// How well the outline of a class is met, in one image. Pixels are one unit apart.

namespace segbench::metrics {

/// Of boundary maps (mask.h). Both empty: precision and recall are 1; only the prediction's empty: precision
/// 1, recall 0; only the truth's: the other way.
struct BoundaryF {
  double precision = 0, recall = 0;
  double f = 0;  ///< their harmonic mean; 0 where both are 0
};
/// Boundary pixels count as found within a Euclidean distance of `radius` pixels from one of the other map:
/// DAVIS 2017 (Perazzi et al., CVPR 2016).
BoundaryF boundary_f(const Mask& truth, const Mask& prediction, double radius);

/// IoU of the bands of `depth` pixels along the outlines, inside the masks (Cheng et al., "Boundary IoU",
/// CVPR 2021). Undefined when both masks are empty.
std::optional<double> boundary_iou(const Mask& truth, const Mask& prediction, std::int64_t depth);
/// The depth of such a band: `fraction` of the image's diagonal, rounded, at least 1.
std::int64_t band_depth(std::int64_t height, std::int64_t width, double fraction);

/// Distances between the surfaces (mask.h) of two masks, in pixels, ascending.
struct SurfaceDistances {
  std::vector<double> from_truth, from_prediction;

  double hausdorff() const;
  /// 95th percentile of both lists together, at position 0.95 (n - 1) between order statistics (medpy).
  double hausdorff_95() const;
  /// The larger one of their 95th percentiles (MONAI).
  double hausdorff_95_directed() const;
  /// Mean of their means: the average symmetric surface distance.
  double average() const;
  /// Share of both surfaces that lies within `tolerance` of the other (Nikolov et al. 2018, surface Dice).
  double dice(double tolerance) const;
};
/// Empty when one of the masks is: then there is no distance.
std::optional<SurfaceDistances> surface_distances(const Mask& truth, const Mask& prediction);

}  // namespace segbench::metrics
