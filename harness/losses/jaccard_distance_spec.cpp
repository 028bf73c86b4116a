// SPDX-License-Identifier: MIT
#include "harness/losses/weighting_spec.h"

namespace segbench::losses {
namespace {

const core::PartRegistration registered{pixel_loss_spec(
    "jaccard_distance", "Jaccard distance of the classes of single pixels, smoothed and scaled",
    "keras-contrib jaccard_distance (smooth = 100)",
    {{.name = "smooth",
      .types = core::kNumber,
      .default_value = 100.0,
      .help = "added above and below the fraction line, and what the distance is multiplied by",
      .minimum = 0.0,
      .exclusive_minimum = true}})};

}  // namespace
}  // namespace segbench::losses
